import { describe, expect, test } from "vitest";
import { isNarrowed, itemsQueryOf, parseQuery, readListSearch, writeQuery } from "./search";

describe("a list's address", () => {
  test("reads back what it wrote", () => {
    const search = { light: ["red", "yellow"], lead_unit: ["21"], q: "产业园 & 一期", sort: "-due", page: 3 };
    const address = writeQuery(search);
    expect(address).toBe(
      "?light=red&light=yellow&lead_unit=21&q=%E4%BA%A7%E4%B8%9A%E5%9B%AD+%26+%E4%B8%80%E6%9C%9F&sort=-due&page=3",
    );
    expect(readListSearch(parseQuery(address))).toEqual(search);
  });

  test("a single value of a filter is a list too", () => {
    expect(readListSearch(parseQuery("?leader=none"))).toEqual({ leader: ["none"] });
  });

  test.each(["0", "-1", "1.5", "abc", "501", ""])("page %j is the first page", (page) => {
    expect(readListSearch({ page }).page).toBeUndefined();
  });

  test("nothing senseless passes, and defaults are left out", () => {
    const raw = { page: "1", per_page: "20", light: ["", "red", "red"], unknown: "x", sort: "" };
    expect(readListSearch(raw)).toEqual({ light: ["red"] });
    expect(writeQuery({})).toBe("");
  });

  test("the deepest page depends on its size", () => {
    expect(readListSearch({ page: "100", per_page: "100" })).toEqual({ page: 100, per_page: 100 });
    expect(readListSearch({ page: "101", per_page: "100" })).toEqual({ per_page: 100 });
  });

  test("its request has the module and the kind; without a chosen order, the list's own holds", () => {
    expect(itemsQueryOf("m", "k", { light: ["red"] })).toEqual({
      module: "m",
      kind: "k",
      light: ["red"],
      page: 1,
      per_page: 20,
    });
    expect(itemsQueryOf("m", "k", { sort: "-due", page: 3 })).toMatchObject({ sort: "-due", page: 3 });
  });

  test("sort and page do not narrow a list", () => {
    expect(isNarrowed({ sort: "-due", page: 2 })).toBe(false);
    expect(isNarrowed({ category: ["a"] })).toBe(true);
  });
});
