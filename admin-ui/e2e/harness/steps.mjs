import assert from "node:assert/strict";
import { test } from "node:test";

/** The steps of a journey, which build on each other: once one has failed, those after it fail at once. */
export function steps() {
  let broken = false;
  return (title, act) =>
    test(title, async () => {
      assert.ok(!broken, "an earlier step failed");
      broken = true;
      await act();
      broken = false;
    });
}
