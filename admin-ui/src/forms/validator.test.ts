import { beforeEach, describe, expect, test } from "vitest";
import type { FormView } from "../api/types";
import { setLanguage } from "../i18n/language";
import { field, form } from "../testing/forms";
import { fieldOf, problemsOf, sendable } from "./validator";

const report: FormView = form({
  required: ["progress", "categories"],
  properties: {
    progress: { type: "string", minLength: 2, maxLength: 5 },
    percent: { type: "integer", minimum: 0, maximum: 100 },
    amount: { type: "number", multipleOf: 0.01 },
    due: { type: "string", format: "date" },
    categories: { type: "array", items: { type: "string", enum: ["a", "b"] }, minItems: 1, maxItems: 1 },
    period: { type: "string", format: "date" },
  },
  fields: [
    field("progress", "进展情况", "multiline", { required: true }),
    field("percent", "完成比例", "number"),
    field("amount", "金额", "number"),
    field("due", "完成时限", "date"),
    field("categories", "事项分类", "list", { required: true, item_kind: "choice" }),
    field("period", "本期", "date", { read_only: true }),
  ],
});

const good = { progress: "完成", categories: ["a"] };

describe("what is wrong with a form", () => {
  beforeEach(() => setLanguage("zh"));

  test("nothing, when it is well filled in", () => {
    expect(problemsOf(report, good)).toEqual([]);
  });

  test("each missing value by its title, in the order of the fields", () => {
    expect(problemsOf(report, { progress: "", categories: [] })).toEqual([
      { field: "progress", message: "请填写进展情况" },
      { field: "categories", message: "请选择事项分类" },
    ]);
  });

  test.each([
    [{ ...good, progress: "完" }, "进展情况至少 2 个字"],
    [{ ...good, progress: "一二三四五六七" }, "进展情况最多 5 个字，请删去 2 个字"],
    [{ ...good, percent: 101 }, "完成比例不能大于 100"],
    [{ ...good, percent: -1 }, "完成比例不能小于 0"],
    [{ ...good, percent: 3.5 }, "完成比例应为整数"],
    [{ ...good, amount: "三" }, "金额应为数字"],
    [{ ...good, amount: 0.115 }, "金额应为 0.01 的倍数"],
    [{ ...good, due: "2026.6.30" }, "完成时限应为日期，例如 2026-11-25"],
    [{ ...good, categories: ["a", "b"] }, "事项分类最多选择 1 项"],
    [{ ...good, categories: ["c"] }, "事项分类不在可选范围内，请重新选择"],
  ])("%o", (data, message) => {
    expect(problemsOf(report, data).map((problem) => problem.message)).toEqual([message]);
  });

  test("a rare character in two code units counts once", () => {
    expect(problemsOf(report, { ...good, progress: "𠮷𠮷𠮷𠮷𠮷" })).toEqual([]);
    expect(problemsOf(report, { ...good, progress: "𠮷" })).toHaveLength(1);
  });

  test("exact decimals are multiples of their step, small and large", () => {
    expect(problemsOf(report, { ...good, amount: 0.07 })).toEqual([]);
    expect(problemsOf(report, { ...good, amount: 123456789.01 })).toEqual([]);
  });

  test("the same in English", () => {
    setLanguage("en");
    expect(problemsOf(report, { ...good, percent: 101 })[0]?.message).toBe("完成比例: not above 100");
  });
});

describe("what is sent", () => {
  test("nothing absent, nothing read only, numbers as numbers", () => {
    const typed = {
      progress: "完成",
      percent: "1.50",
      amount: "",
      due: null,
      period: "2026-11-25",
      categories: [],
    };
    expect(sendable(report, typed)).toEqual({ progress: "完成", percent: 1.5 });
  });

  test("what is no number stays as it was typed", () => {
    expect(sendable(report, { percent: "约六成" })).toEqual({ percent: "约六成" });
  });
});

test("a location names its field, also where the name has a slash", () => {
  expect(fieldOf("#/categories/0")).toBe("categories");
  expect(fieldOf("/a~1b")).toBe("a/b");
});
