import { expect, test } from "vitest";
import { deedsOf } from "./deeds";

const entry = (sequence: number, deed: number, text: string) => ({
  sequence,
  deed,
  at: "2026-11-25T01:00:00Z",
  text,
  item: "1",
});

test("what one command did stands together, its deed first, the newest command on top", () => {
  const trail = [
    entry(6, 4, "修改阶段"),
    entry(5, 4, "修改进展"),
    entry(4, 4, "审核：同意"),
    entry(3, 3, "领取"),
    entry(1, 1, "创建"),
  ];
  expect(deedsOf(trail).map(({ done, changes }) => [done.text, changes.map(({ text }) => text)])).toEqual([
    ["审核：同意", ["修改进展", "修改阶段"]],
    ["领取", []],
    ["创建", []],
  ]);
  expect(deedsOf([])).toEqual([]);
});
