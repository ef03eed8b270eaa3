// Signing in and out: what everybody meets first.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { violations } from "./harness/axe.mjs";
import { startBrowser } from "./harness/browser.mjs";
import { PEOPLE, signIn, signOut } from "./harness/person.mjs";
import { startServer } from "./harness/server.mjs";

describe("sign-in", () => {
  let server;
  let browser;

  before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  test("a stranger is asked who he is, and a wrong password is told in words", async () => {
    const window = await browser.window({ server });
    const { page } = window;
    await page.goto("/todo");
    await page.getByRole("button", { name: "登录", exact: true }).waitFor();
    assert.match(page.url(), /\/signin\?next=/);
    await window.pictures("signin");
    assert.deepEqual(await violations(page), []);
    await page.getByLabel("工号").fill(PEOPLE.supervisor);
    await page.getByLabel("密码").fill("不对的密码");
    await page.getByRole("button", { name: "登录", exact: true }).click();
    await page.getByRole("alert").filter({ hasText: "工号或密码不正确" }).waitFor();
    await window.close();
  });

  test("signing out ends the session on the server too", async () => {
    const window = await browser.window({ server });
    await signIn(window, PEOPLE.supervisor);
    const cookies = await window.context.cookies();
    const session = cookies.find(({ name }) => name === "docket_session");
    assert.ok(session?.httpOnly, "the session's cookie is closed to scripts");
    await signOut(window);
    const again = await fetch(`${server.address}/api/me`, {
      headers: { cookie: `docket_session=${session.value}` },
    });
    assert.equal(again.status, 401);
    assert.deepEqual(window.takeErrors(), []);
    await window.close();
  });

  test("the same screens in English", async () => {
    const window = await browser.window({ server, language: "en-US" });
    const { page } = window;
    await page.goto("/signin");
    // Chinese comes first whatever the browser prefers; the switch is on the page.
    await page.getByRole("button", { name: "切换到英文" }).click();
    await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
    assert.deepEqual(window.takeErrors(), []);
    await window.close();
  });
});
