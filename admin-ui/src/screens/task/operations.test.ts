import { describe, expect, it } from "vitest";
import type { TaskView } from "../../api/types";
import { deedOf } from "./OperationModal";
import { offered } from "./TaskOperations";
import { countdown } from "./Withdraw";

const nothing = {
  people: [],
  turn: undefined,
  signer: undefined,
  step: undefined,
  straight: false,
  comment: "",
};

describe("operations", () => {
  it("are sent only when what they need is there", () => {
    expect(deedOf("transfer", nothing)).toBeUndefined();
    expect(deedOf("transfer", { ...nothing, people: ["7"] })).toEqual({ kind: "transfer", to: "7" });
    expect(deedOf("copy", nothing)).toBeUndefined();
    expect(deedOf("copy", { ...nothing, people: ["7", "8"], comment: " 供参考 " })).toEqual({
      kind: "copy",
      people: ["7", "8"],
      comment: "供参考",
    });
    expect(deedOf("return", { ...nothing, step: "draft", comment: "  " })).toBeUndefined();
    expect(deedOf("return", { ...nothing, step: "draft", comment: "请改", straight: true })).toEqual({
      kind: "return",
      to: "draft",
      straight: true,
      comment: "请改",
    });
    expect(deedOf("add-signers", { ...nothing, people: ["7"] })).toBeUndefined();
    expect(deedOf("add-signers", { ...nothing, people: ["7"], turn: "before" })).toEqual({
      kind: "add-signers",
      people: ["7"],
      turn: "before",
    });
    expect(deedOf("remove-signer", nothing)).toBeUndefined();
    expect(deedOf("remove-signer", { ...nothing, signer: "7" })).toEqual({
      kind: "remove-signer",
      person: "7",
    });
    expect(deedOf("hand-back", nothing)).toEqual({ kind: "hand-back" });
  });

  it("stand in the menu where the task allows them", () => {
    const operations = {
      transfer: true,
      delegate: false,
      hand_back: false,
      copy: true,
      urge: false,
      return_to: [],
      add_signers: [],
      remove_signers: [],
    };
    expect(offered({ operations } as unknown as TaskView)).toEqual(["transfer", "copy"]);
    const step = { node: "draft", title: "填报" };
    expect(offered({ operations: { ...operations, return_to: [step] } } as unknown as TaskView)).toContain(
      "return",
    );
  });

  it("counts down in minutes and seconds", () => {
    expect([countdown(1800), countdown(61), countdown(9)]).toEqual(["30:00", "1:01", "0:09"]);
  });
});
