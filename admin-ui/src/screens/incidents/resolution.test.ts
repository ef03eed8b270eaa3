import { describe, expect, it } from "vitest";
import type { IncidentView } from "../../api/types";
import { resolutionOf, waysOf } from "./ResolveModal";

const incident: IncidentView = {
  id: "1-9",
  item: "1",
  root: "1",
  item_title: "一件事",
  module_title: "台账",
  workflow_title: "审批",
  node_title: "审核",
  cause: "nobody",
  text: "没有人可以办理",
  opened_at: "2026-03-02T01:00:00Z",
  outcomes: [{ node: "approve", title: "同意" }],
  nodes: [{ node: "draft", title: "填报" }],
};
const filled = { how: "retry" as const, people: [], outcome: "approve", node: undefined, comment: "" };

describe("resolving an incident", () => {
  it("offers what fits its cause", () => {
    expect(waysOf(incident)).toEqual(["reassign", "retry", "skip", "jump"]);
    expect(waysOf({ ...incident, cause: "service", outcomes: [], nodes: [] })).toEqual(["retry"]);
  });

  it("is sent only when what it needs is there", () => {
    expect(resolutionOf(filled)).toEqual({ how: "retry", people: [] });
    expect(resolutionOf({ ...filled, how: "reassign" })).toBeUndefined();
    expect(resolutionOf({ ...filled, how: "reassign", people: ["7"] })).toEqual({
      how: "reassign",
      people: ["7"],
    });
    expect(resolutionOf({ ...filled, how: "skip" })).toBeUndefined();
    expect(resolutionOf({ ...filled, how: "skip", comment: "空缺" })).toEqual({
      how: "skip",
      people: [],
      outcome: "approve",
      comment: "空缺",
    });
    expect(resolutionOf({ ...filled, how: "jump", comment: "空缺" })).toBeUndefined();
    expect(resolutionOf({ ...filled, how: "jump", node: "draft", comment: "空缺" })).toMatchObject({
      node: "draft",
    });
  });
});
