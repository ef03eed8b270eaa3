import { expect, test } from "vitest";
import type { ImportRow } from "../../api/types";
import { counted } from "./counted";

const row = (number: number, verdict: ImportRow["verdict"]) => ({ row: number, verdict }) as ImportRow;

test("exactly the rows that go in are counted", () => {
  const rows = [
    row(1, "new"),
    row(2, "changed"),
    row(3, "duplicate"),
    row(4, "duplicate"),
    row(5, "refused"),
    row(6, "left_out"),
    row(7, "unchanged"),
  ];
  expect(counted(rows, new Set())).toEqual({ created: 1, changed: 1, total: 2, out: 5 });
  expect(counted(rows, new Set([4]))).toEqual({ created: 2, changed: 1, total: 3, out: 4 });
  // A mark on a row that is no duplicate changes nothing.
  expect(counted(rows, new Set([5]))).toEqual({ created: 1, changed: 1, total: 2, out: 5 });
});
