import { describe, expect, it } from "vitest";
import { ruleLine, withRule } from "./writeRule";

const rule = { role: "member", deny: false, actions: ["read"], on: "task", when: "", fields: [] };

describe("a rule as YAML", () => {
  it("says what was filled in, and quotes what YAML would read otherwise", () => {
    expect(ruleLine(rule)).toBe("  - {role: member, may: [read], on: task}");
    expect(
      ruleLine({ ...rule, deny: true, when: " item.state in ['a', \"b\"] ", fields: ["标题", "a b"] }),
    ).toBe(
      `  - {role: member, may_not: [read], on: task, when: "item.state in ['a', \\"b\\"]", fields: [标题, "a b"]}`,
    );
  });

  it("goes to the end, also of a policy without rules", () => {
    expect(withRule("policy: x\nrules:\n  - {a: b}\n\n", rule)).toBe(
      "policy: x\nrules:\n  - {a: b}\n  - {role: member, may: [read], on: task}\n",
    );
    expect(withRule("policy: x\nrules: []", rule)).toBe(
      "policy: x\nrules:\n  - {role: member, may: [read], on: task}\n",
    );
  });
});
