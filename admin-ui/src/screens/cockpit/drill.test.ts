import { expect, test } from "vitest";
import { drill } from "./drill";

const row = { key: "31", name: "某领导", total: 9, normal: 5, near: 2, overdue: 1, done: 2, suspended: 1 };

test("a number leads to the rows that it counts", () => {
  expect(drill({ by: "leader" }, row, "overdue", ["21", "22"])).toEqual({
    light: ["red"],
    lead_unit: ["21", "22"],
    leader: ["31"],
  });
  expect(drill({ by: "leader" }, row, "normal", [])).toEqual({ light: ["green", "yellow"], leader: ["31"] });
});

test("a row of the same kind as the selector replaces it", () => {
  expect(drill({ by: "lead_unit" }, { ...row, key: "22" }, "total", ["21", "22"])).toEqual({
    lead_unit: ["22"],
  });
});

test("the sum and the row without a name", () => {
  expect(drill({ by: "leader" }, undefined, "total", [])).toEqual({});
  expect(drill({ by: "leader" }, { ...row, key: undefined }, "done", [])).toEqual({
    light: ["blue"],
    leader: ["none"],
  });
});
