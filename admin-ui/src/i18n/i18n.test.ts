import { afterEach, expect, test } from "vitest";
import { en } from "./en";
import { daysBetween, dueText, instantText, timeText } from "./format";
import { setLanguage } from "./language";
import { zh } from "./zh";

afterEach(() => setLanguage("zh"));

/** The paths of all texts of a catalogue. */
function paths(catalogue: object, at = ""): string[] {
  return Object.entries(catalogue).flatMap(([name, value]) =>
    typeof value === "object" ? paths(value, `${at}${name}.`) : [`${at}${name}`],
  );
}

function textAt(catalogue: object, path: string): unknown {
  return path.split(".").reduce((at: unknown, name) => (at as Record<string, unknown>)[name], catalogue);
}

test("both catalogues have the same texts, none empty", () => {
  expect(paths(en).sort()).toEqual(paths(zh).sort());
  for (const path of paths(zh)) {
    for (const catalogue of [zh, en]) {
      expect(textAt(catalogue, path), path).toBeTruthy();
    }
  }
});

test("no Chinese is left in the English texts, but for the name of the other language", () => {
  for (const path of paths(en).filter((path) => !path.startsWith("app.language"))) {
    expect(String(textAt(en, path)), path).not.toMatch(/\p{Script=Han}/u);
  }
});

test.each([
  ["2026-11-22", "超期3天", "3 days overdue"],
  ["2026-11-24", "超期1天", "1 day overdue"],
  ["2026-11-25", "今天到期", "Due today"],
  ["2026-11-27", "还有2天", "2 days left"],
  ["2027-01-01", "还有37天", "37 days left"],
])("due on %s", (day, chinese, english) => {
  expect(dueText(day, "2026-11-25")).toBe(chinese);
  setLanguage("en");
  expect(dueText(day, "2026-11-25")).toBe(english);
});

test("days are counted by dates, whatever the browser's zone and its summer time", () => {
  expect(daysBetween("2026-03-28", "2026-03-30")).toBe(2);
  expect(daysBetween("2026-10-24", "2026-10-26")).toBe(2);
});

test("instants are shown in the deployment's zone", () => {
  expect(instantText("2026-11-24T16:30:00Z", "Asia/Shanghai")).toBe("2026-11-25 00:30");
  expect(timeText("2026-11-25T02:32:10Z", "Asia/Shanghai")).toBe("10:32");
});
