import { expect, test } from "vitest";
import { copy } from "./polyfills";

test("a copy shares nothing with its original", () => {
  const day = new Date(0);
  const original = { list: [{ a: 1 }], day, set: new Set([1]), map: new Map([["k", { b: 2 }]]) };
  const copied = copy(original);
  expect(copied).toEqual(original);
  expect(copied.list[0]).not.toBe(original.list[0]);
  expect(copied.day).not.toBe(day);
  expect(copied.map.get("k")).not.toBe(original.map.get("k"));
});

test("what contains itself is copied once", () => {
  const original: { self?: unknown } = {};
  original.self = original;
  const copied = copy(original);
  expect(copied.self).toBe(copied);
  expect(copied).not.toBe(original);
});
