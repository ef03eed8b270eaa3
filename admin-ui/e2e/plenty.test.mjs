// Much of everything: titles of the greatest length, with and without places to break, and a list of many pages.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { violations } from "./harness/axe.mjs";
import { startBrowser } from "./harness/browser.mjs";
import { moveClock, PEOPLE, signIn } from "./harness/person.mjs";
import { startServer } from "./harness/server.mjs";

const ROWS = Number(process.env.PLENTY_ROWS ?? 250);
const CATEGORY = "一极";
/** The longest titles that the form takes: 200 characters. */
const LONG = "推进重点产业项目建设与营商环境优化协同提升".repeat(10).slice(0, 200);
const UNBROKEN = "GB/T-2026-".repeat(20);
assert.deepEqual([LONG.length, UNBROKEN.length], [200, 200]);

const title = (number) => [LONG, UNBROKEN][number] ?? `第${number}项重点任务`;

/** A sheet as a client would send it, as CSV. */
function sheet() {
  const rows = Array.from({ length: ROWS }, (_, number) =>
    [title(number), CATEGORY, "发展改革委", "林岚", number % 2 ? "按月" : "按周", "2027-12-31"].join(","),
  );
  return ["任务名称,事项分类,牵头单位,督办领导,反馈周期,完成时限", ...rows].join("\r\n");
}

describe("much of everything", () => {
  let server;
  let browser;
  let supervisor;

  before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    supervisor = await browser.window({ server });
    await signIn(supervisor, PEOPLE.supervisor);
    await importSheet(supervisor);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** Imports the sheet by the API: the screens for it have a test of their own. */
  async function importSheet({ context, page }) {
    const { request } = context;
    const me = await (await request.get("/api/me")).json();
    const [module] = me.modules;
    const [kind] = module.kinds;
    const headers = { "X-CSRF-Token": me.csrf };
    const query = new URLSearchParams({ module: module.name, kind: kind.name, category: CATEGORY });
    const file = { name: "plenty.csv", mimeType: "text/csv", buffer: Buffer.from(sheet()) };
    const preview = await request.post(`/api/imports?${query}`, { headers, multipart: { file } });
    assert.equal(preview.status(), 200, await preview.text());
    const { id, counts } = await preview.json();
    assert.equal(counts.new, ROWS);
    const committed = await request.post(`/api/imports/${id}/commit`, {
      headers: { ...headers, "Idempotency-Key": "plenty-of-everything" },
      data: { accept: [] },
      timeout: 120_000,
    });
    assert.equal(committed.status(), 200, await committed.text());
    await page.goto(`/modules/${module.name}/${kind.name}?sort=title`);
    await page.getByText(`共 ${ROWS} 条`, { exact: true }).waitFor();
  }

  const search = async ({ page }, text) => {
    await page.getByPlaceholder("搜索标题").fill(text);
    await page.keyboard.press("Enter");
  };

  test("pages of a long list stand in the address, and back leads to them", async () => {
    const { page } = supervisor;
    await page.getByText(`第 1–20 条，共 ${ROWS} 条`).waitFor();
    await supervisor.pictures("plenty-list");
    await page.getByRole("listitem", { name: "2", exact: true }).click();
    await page.getByText(`第 21–40 条，共 ${ROWS} 条`).waitFor();
    assert.match(page.url(), /page=2/);
    await page.getByRole("link", { name: UNBROKEN, exact: true }).waitFor({ state: "detached" });
    await page.getByRole("row").nth(1).getByRole("link").first().click();
    await page.getByRole("tab", { name: "办理历史" }).waitFor();
    await page.goBack();
    await page.getByText(`第 21–40 条，共 ${ROWS} 条`).waitFor();
    await page.goBack();
    await page.getByText(`第 1–20 条，共 ${ROWS} 条`).waitFor();
  });

  test("the longest titles break no screen", async () => {
    const { page } = supervisor;
    for (const [name, text] of [
      ["plenty-chinese", LONG],
      ["plenty-unbroken", UNBROKEN],
    ]) {
      await search(supervisor, text);
      await page.getByText("共 1 条", { exact: true }).waitFor();
      await supervisor.pictures(`${name}-list`);
      await page.getByRole("link", { name: text, exact: true }).click();
      await page.getByRole("heading", { name: text, exact: true }).waitFor();
      await supervisor.pictures(`${name}-item`);
      await page.getByRole("button", { name: "办结", exact: true }).click();
      await page.getByRole("dialog").getByRole("textbox").first().waitFor();
      await supervisor.pictures(`${name}-offer`);
      await page.getByRole("dialog").getByRole("button", { name: "取消", exact: true }).click();
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await page.goBack();
    }
    assert.deepEqual(supervisor.takeErrors(), []);
  });

  test("a to-do list of many reports, and one of the longest title", async () => {
    const handler = await browser.window({ server });
    const { page } = handler;
    await signIn(handler, PEOPLE.handler);
    await moveClock(supervisor, 7);
    const waiting = Math.ceil(ROWS / 2);
    await page.getByRole("heading", { name: `待办（${waiting}）`, exact: true }).waitFor({ timeout: 120_000 });
    await handler.pictures("plenty-todo");
    const link = page.getByRole("link", { name: `办理：填报进展，${LONG}` });
    await link.click();
    await page.getByRole("heading", { name: "填报进展", exact: true }).waitFor();
    await handler.pictures("plenty-task");
    assert.deepEqual(await violations(page), []);
    await page.getByRole("button", { name: /^通知/ }).click();
    await page.getByRole("list", { name: "通知" }).waitFor();
    await handler.pictures("plenty-notices");
    assert.deepEqual(handler.takeErrors(), []);
  });
});
