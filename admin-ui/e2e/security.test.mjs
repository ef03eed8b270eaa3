// One's own security, and what the duties of administration open.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { violations } from "./harness/axe.mjs";
import { startBrowser } from "./harness/browser.mjs";
import { PEOPLE, signIn } from "./harness/person.mjs";
import { startServer } from "./harness/server.mjs";

describe("security", () => {
  let server;
  let browser;

  before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  test("a password that is too weak is refused in words, and a good one is taken", async () => {
    const window = await browser.window({ server });
    const { page } = window;
    await signIn(window, PEOPLE.handler);
    await page.getByRole("button", { name: /个人菜单$/ }).click();
    await page.getByRole("menuitem", { name: "账号与安全" }).click();
    await page.getByRole("heading", { name: "账号与安全" }).waitFor();
    await window.pictures("security");
    assert.deepEqual(await violations(page), []);
    const change = async (next) => {
      await page.getByLabel("原密码").fill(server.password);
      await page.getByLabel("新密码", { exact: true }).fill(next);
      await page.getByLabel("再次输入新密码").fill(next);
      await page.getByRole("button", { name: "修改密码" }).click();
    };
    await change("short");
    await page.getByRole("alert").filter({ hasText: "密码至少 8 个字符" }).waitFor();
    await change("Long-enough-1");
    await page.getByText("密码已修改").waitFor();
    await page.getByText("当前会话").waitFor();
    await window.close();
  });

  test("the system administrator sees accounts and sessions, the audit administrator the log", async () => {
    const system = await browser.window({ server });
    await signIn(system, PEOPLE.systemAdmin);
    await system.page.getByRole("link", { name: "会话管理" }).click();
    await system.page.getByText("当前会话").waitFor();
    assert.deepEqual(await violations(system.page), []);
    await system.page.getByRole("link", { name: "账号管理" }).click();
    await system.page.getByLabel("按工号、姓名或拼音查找").fill(PEOPLE.handler);
    await system.page.keyboard.press("Enter");
    const found = system.page.getByRole("listitem").filter({ hasText: PEOPLE.handler });
    await found.getByRole("button", { name: "重设密码" }).waitFor();
    await system.pictures("accounts");
    assert.deepEqual(system.takeErrors(), []);

    const audit = await browser.window({ server });
    await signIn(audit, PEOPLE.auditAdmin);
    await audit.page.getByRole("link", { name: "审计日志" }).click();
    await audit.page.getByText(/日志链完整/).waitFor();
    await audit.pictures("audit-log");
    assert.deepEqual(await violations(audit.page), []);
    assert.equal(await audit.page.getByRole("link", { name: "账号管理" }).count(), 0);
    assert.deepEqual(audit.takeErrors(), []);
    await system.close();
    await audit.close();
  });
});
