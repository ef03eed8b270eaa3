import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, fireEvent, render, screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { ApiError } from "../api/errors";
import type { FormData } from "../api/types";
import { field, form } from "../testing/forms";
import { SchemaForm } from "./SchemaForm";
import { type FormState, fieldProblems, useFormState } from "./useFormState";

const report = form({
  required: ["progress"],
  properties: {
    progress: { type: "string", minLength: 2 },
    percent: { type: "integer", maximum: 100 },
    urgent: { type: "boolean" },
    due: { type: "string", format: "date" },
    unit: { type: "string", format: "unit" },
    period: { type: "string", format: "date", readOnly: true },
  },
  fields: [
    field("progress", "进展情况", "multiline", { required: true, help: "本周期完成了什么", max_length: 100 }),
    field("percent", "完成比例", "number"),
    field("urgent", "紧急", "bool"),
    field("due", "完成时限", "date"),
    field("unit", "牵头单位", "unit"),
    field("period", "本期应报日期", "date", { read_only: true }),
  ],
});

type Held = { state?: FormState };

function Held({ data, held }: { data: FormData; held: Held }) {
  held.state = useFormState(report, data);
  return <SchemaForm state={held.state} />;
}

function show(data: FormData) {
  const held: Held = {};
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Held data={data} held={held} />
    </QueryClientProvider>,
  );
  return () => {
    if (!held.state) {
      throw new Error("the form was not rendered");
    }
    return held.state;
  };
}

test("each field has an input under its title, in the order of the form", () => {
  show({ period: "2026-11-25" });
  expect(screen.getByLabelText(/进展情况/)).toBeInstanceOf(HTMLTextAreaElement);
  expect(screen.getByLabelText("完成比例")).toBeInstanceOf(HTMLInputElement);
  expect(screen.getByRole("group", { name: "紧急" })).toBeTruthy();
  expect(screen.getByLabelText("完成时限")).toBeInstanceOf(HTMLInputElement);
  expect(screen.getByRole("combobox", { name: "牵头单位" })).toBeTruthy();
  expect(screen.getByText("2026-11-25")).toBeInstanceOf(HTMLOutputElement);
  expect(screen.getByText("本周期完成了什么")).toBeTruthy();
});

test("a field that was left says what is wrong; the others wait", () => {
  const state = show({});
  fireEvent.change(screen.getByLabelText("完成比例"), { target: { value: "１２０" } });
  fireEvent.blur(screen.getByLabelText("完成比例"));
  expect(state().data).toEqual({ percent: 120 });
  expect(screen.getByText("完成比例不能大于 100")).toBeTruthy();
  expect(screen.queryByText("请填写进展情况")).toBeNull();
});

test("a try to submit sums up every problem, and an entry leads to its field", () => {
  const state = show({});
  expect(state().summary).toEqual([]);
  act(() => {
    expect(state().check()).toBe(false);
  });
  const summary = screen.getByText("有 1 处需要修改：").closest("[tabindex]") as HTMLElement;
  fireEvent.click(within(summary).getByRole("button", { name: "请填写进展情况" }));
  expect(document.activeElement).toBe(screen.getByLabelText(/进展情况/));
});

test("what the server names stands at its field until that is changed", () => {
  const state = show({ progress: "完成了" });
  const refused = new ApiError({
    type: "",
    title: "",
    status: 422,
    code: "invalid",
    detail: "",
    problems: [{ pointer: "/form/progress", code: "x", message: "与上期相同，请写明本期进展" }],
  });
  act(() => state().refuse(fieldProblems(refused)));
  expect(screen.getAllByText("与上期相同，请写明本期进展").length).toBeGreaterThan(1);
  fireEvent.change(screen.getByLabelText(/进展情况/), { target: { value: "完成了 60%" } });
  expect(screen.queryByText("与上期相同，请写明本期进展")).toBeNull();
  expect(state().values).toEqual({ progress: "完成了 60%" });
});
