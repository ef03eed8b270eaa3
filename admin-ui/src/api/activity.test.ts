import { afterEach, beforeEach, expect, test } from "vitest";
import { activityHeaders, watchActivity } from "./activity";
import { api } from "./client";

let stop: () => void;
beforeEach(() => {
  stop = watchActivity();
  activityHeaders();
});
afterEach(() => stop());

test("a page that nobody touches asks in the background", () => {
  expect(activityHeaders()).toEqual({ "X-Background": "true" });
  expect(activityHeaders()).toEqual({ "X-Background": "true" });
});

test.each(["pointerdown", "keydown", "wheel", "touchstart"])(
  "%s is told once, by the next request",
  (sign) => {
    document.body.dispatchEvent(new Event(sign, { bubbles: true }));
    expect(activityHeaders()).toEqual({});
    expect(activityHeaders()).toEqual({ "X-Background": "true" });
  },
);

test("the client says it with every request", async () => {
  const sent: (string | null)[] = [];
  const options = {
    baseUrl: "http://docket.test/api",
    fetch: async (request: Request) => {
      sent.push(request.headers.get("X-Background"));
      return new Response("{}", { headers: { "Content-Type": "application/json" } });
    },
  };
  await api.GET("/me", options);
  document.body.dispatchEvent(new Event("keydown", { bubbles: true }));
  await api.GET("/me", options);
  await api.POST("/notices/read-all", options);
  expect(sent).toEqual(["true", null, "true"]);
});
