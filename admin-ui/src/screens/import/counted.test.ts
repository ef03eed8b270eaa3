import { expect, test } from "vitest";
import type { ImportRow } from "../../api/types";
import { choiceOf, counted } from "./counted";

const row = (number: number, verdict: ImportRow["verdict"]) => ({ row: number, verdict }) as ImportRow;

const rows = [
  row(1, "new"),
  row(2, "changed"),
  row(3, "duplicate"),
  row(4, "duplicate"),
  row(5, "refused"),
  row(6, "left_out"),
  row(7, "unchanged"),
];

test("exactly the rows that go in are counted", () => {
  expect(counted(rows, new Set())).toEqual({ created: 1, changed: 1, total: 2, out: 5 });
  expect(counted(rows, new Set([4]))).toEqual({ created: 2, changed: 1, total: 3, out: 4 });
  expect(counted(rows, new Set([1, 2]))).toEqual({ created: 0, changed: 0, total: 0, out: 7 });
  // A row that can not go in stays out, whatever is said of it.
  expect(counted(rows, new Set([5, 6, 7]))).toEqual({ created: 1, changed: 1, total: 2, out: 5 });
});

test("what is sent names duplicates that go in and other rows that stay out", () => {
  expect(choiceOf(rows, new Set([2, 3, 5]))).toEqual({ accept: [3], leave_out: [2] });
});
