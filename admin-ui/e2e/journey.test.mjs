// The whole straight line in the browser: a spreadsheet becomes tasks, a report goes up its chain of approval, the light, the
// lists and the cockpit follow. The steps build on each other; each is told by itself when it fails.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { violations } from "./harness/axe.mjs";
import { SIZES, startBrowser } from "./harness/browser.mjs";
import { drawnCharts } from "./harness/charts.mjs";
import { moveClock, openTask, PEOPLE, signIn, switchLanguage } from "./harness/person.mjs";
import { startServer } from "./harness/server.mjs";
import { steps } from "./harness/steps.mjs";

const fixtures = join(import.meta.dirname, "../../server/tests/fixtures");
const sheet = join(fixtures, "yiji-tasks.xlsx");
const expected = JSON.parse(readFileSync(join(fixtures, "yiji-tasks.expected.json"), "utf8"));
const rowsWith = (verdict) => expected.rows.filter((row) => row.verdict === verdict).length;

/** The task that is followed, and what is reported on it. */
const TASK = "建设青禾产业园一期";
const PROGRESS = "一期厂房主体工程完成9万平方米，占75%";
const REASON = "请补充存在的问题";
/** Another task, of another unit, overdue from the start: it is closed. */
const CLOSED = "应急物资储备库";
/** How long a list may take to follow what somebody else did: what people are promised. */
const LIVE_MS = 1_000;

describe("from a spreadsheet to the cockpit", () => {
  let server;
  let browser;
  const windows = {};

  /** The window in which a person works: opened and signed in when first asked for. */
  async function at(person) {
    if (!windows[person]) {
      windows[person] = await browser.window({ server });
      await signIn(windows[person], PEOPLE[person]);
    }
    return windows[person];
  }

  async function openList(person) {
    const window = await at(person);
    await window.page.getByRole("navigation", { name: "菜单" }).getByRole("link", { name: "任务", exact: true }).click();
    await window.page.getByRole("heading", { name: "任务", exact: true }).waitFor();
    return window;
  }

  /** The row of the followed task in the list that is shown. */
  const taskRow = (page) => page.getByRole("row").filter({ hasText: TASK });

  const step = steps();

  before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  step("a supervisor imports the spreadsheet: categories, file, preview, commit", async () => {
    const window = await openList("supervisor");
    const { page } = window;
    await page.getByText("这里还没有事项。").waitFor();
    await window.pictures("list-empty");
    await page.getByRole("button", { name: "导入", exact: true }).first().click();
    for (const category of ["一极", "两大", "三区"]) {
      await page.getByRole("checkbox", { name: category, exact: true }).check();
    }
    await window.pictures("import-categories");
    await page.getByRole("button", { name: "下一步" }).click();
    await page.getByText("点击选择文件，或把文件拖到这里").waitFor();
    await page.locator('input[type="file"]').setInputFiles(sheet);

    await page.getByText(`跳过 ${expected.skipped.length} 行`, { exact: false }).waitFor();
    const verdicts = page.getByRole("group", { name: "筛选" });
    for (const [verdict, title] of [
      ["new", "新增"],
      ["duplicate", "重复"],
      ["refused", "有误，不导入"],
    ]) {
      await verdicts.getByRole("button", { name: new RegExp(`^${title} ${rowsWith(verdict)}$`) }).waitFor();
    }
    await page.getByText("没有“数据局”这个单位", { exact: false }).waitFor();
    await window.pictures("import-preview");
    assert.deepEqual(await violations(page), []);

    await page.getByRole("button", { name: `确认导入 ${rowsWith("new")} 行` }).click();
    await page.getByText("导入完成").waitFor();
    await page.getByText(`新增 ${rowsWith("new")} 条`, { exact: false }).first().waitFor();
    await window.pictures("import-done");
    await page.getByRole("link", { name: "查看列表" }).click();
    await page.getByText(`共 ${rowsWith("new")} 条`, { exact: true }).waitFor();
    await taskRow(page).getByText("正常推进").waitFor();
    await window.pictures("list");
    assert.deepEqual(await violations(page), []);
  });

  step("three days before the date the light is yellow and the report waits at its writers", async () => {
    await moveClock(await at("supervisor"), 4);
    const { page } = await openList("supervisor");
    await taskRow(page).getByText("临近").waitFor();
    for (const person of ["handler", "otherHandler", "liaison"]) {
      const window = await at(person);
      await window.page.getByRole("row").filter({ hasText: TASK }).getByText("填报进展").waitFor();
    }
    await (await at("handler")).pictures("todo");
  });

  step("who takes the report first has it; he saves a draft and submits; the chief's list changes by itself", async () => {
    const chief = await at("chief");
    await chief.page.getByText("没有待办事项。").waitFor();
    const window = await at("handler");
    const { page } = window;
    await openTask(page, "填报进展", TASK);
    await page.getByRole("button", { name: "领取", exact: true }).click();
    await page.getByText("已领取，请继续办理。").waitFor();
    await (await at("liaison")).page.getByText("没有待办事项。").waitFor();

    await page.getByRole("button", { name: "提交", exact: true }).click();
    await page.getByText("请填写进展情况").first().waitFor();
    await page.getByLabel("进展情况").fill(PROGRESS);
    await page.getByLabel("完成比例（%）").fill("75");
    await page.getByRole("button", { name: "暂存" }).click();
    await page.getByRole("status").filter({ hasText: /^已保存/ }).waitFor();
    await page.reload();
    await page.getByLabel("进展情况").waitFor();
    assert.equal(await page.getByLabel("进展情况").inputValue(), PROGRESS, "the draft is there again");
    await window.pictures("task");
    assert.deepEqual(await violations(page), []);

    const arrived = chief.page.getByRole("row").filter({ hasText: TASK }).getByText("科长审核").waitFor();
    const answered = page.waitForResponse((response) => response.url().endsWith("/complete"));
    await page.getByRole("button", { name: "提交", exact: true }).click();
    assert.equal((await answered).status(), 200);
    const submitted = performance.now();
    await arrived;
    const took = performance.now() - submitted;
    assert.ok(took < LIVE_MS, `the chief's list followed after ${Math.round(took)} ms`);
    await page.getByRole("heading", { name: /^待办/ }).waitFor();
  });

  step("the section chief returns it with a reason; the writer mends it and submits again", async () => {
    const chief = await at("chief");
    await openTask(chief.page, "科长审核", TASK);
    await chief.page.getByText(PROGRESS).first().waitFor();
    await chief.page.getByRole("button", { name: "退回", exact: true }).click();
    const dialog = chief.page.getByRole("dialog", { name: "退回" });
    await dialog.getByRole("button", { name: "退回", exact: true }).click();
    await dialog.getByRole("alert").filter({ hasText: "退回必须填写意见。" }).waitFor();
    await dialog.getByLabel("意见").fill(REASON);
    await chief.pictures("task-return");
    await dialog.getByRole("button", { name: "退回", exact: true }).click();
    await chief.page.getByText("没有待办事项。").waitFor();

    const { page } = await at("handler");
    await openTask(page, "填报进展", TASK);
    await page.getByText(REASON).first().waitFor();
    const claim = page.getByRole("button", { name: "领取", exact: true });
    if (await claim.isVisible()) {
      await claim.click();
    }
    assert.equal(await page.getByLabel("进展情况").inputValue(), PROGRESS, "what was written is not written again");
    await page.getByLabel("存在问题").fill("雨季影响外墙施工");
    await page.getByRole("button", { name: "提交", exact: true }).click();
    await page.getByRole("heading", { name: /^待办/ }).waitFor();
  });

  step("section chief, both deputies and the head approve", async () => {
    for (const [person, task] of [
      ["chief", "科长审核"],
      ["otherDeputy", "分管领导审批"],
      ["deputy", "分管领导审批"],
      ["head", "部门长审批"],
    ]) {
      const { page } = await at(person);
      await openTask(page, task, TASK);
      await page.getByRole("button", { name: "同意", exact: true }).click();
      await page.getByRole("heading", { name: /^待办/ }).waitFor();
    }
  });

  step("the accepted report moves the item: progress, light, next date; the next report comes in its time", async () => {
    const window = await openList("supervisor");
    const { page } = window;
    await taskRow(page).getByText("正常推进").waitFor();
    await page.getByRole("link", { name: TASK, exact: true }).click();
    await page.getByRole("heading", { name: TASK, exact: true }).waitFor();
    await page.getByText(PROGRESS).first().waitFor();
    await page.getByText("2026-12-09").first().waitFor();
    await window.pictures("item");
    assert.deepEqual(await violations(page), []);
    await page.getByRole("tab", { name: "办理历史" }).click();
    await page.getByText("历史完整，未被改动").waitFor();
    await window.pictures("item-history");

    const handler = await at("handler");
    await handler.page.getByText("没有待办事项。").waitFor();
    await moveClock(window, 7);
    await handler.page.getByRole("row").filter({ hasText: TASK }).getByText("填报进展").waitFor();
  });

  step("a suspended item is grey, its tasks rest, and both come back", async () => {
    const window = await openList("supervisor");
    const { page } = window;
    await page.getByRole("link", { name: TASK, exact: true }).click();
    await page.getByRole("button", { name: "中止", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox").first().fill("等待用地批复");
    await window.pictures("offer");
    await dialog.getByRole("button", { name: "中止", exact: true }).click();
    await page.getByRole("button", { name: "恢复", exact: true }).waitFor();
    await (await at("handler")).page.getByText("没有待办事项。").waitFor();
    await page.getByRole("button", { name: "恢复", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "恢复", exact: true }).click();
    await page.getByRole("button", { name: "中止", exact: true }).waitFor();
    await (await at("handler")).page.getByRole("row").filter({ hasText: TASK }).getByText("填报进展").waitFor();
  });

  step("a notice arrives by itself on the day a report is due, is opened and is read", async () => {
    const window = await at("handler");
    const { page } = window;
    await page.getByRole("button", { name: "通知", exact: true }).click();
    await page.getByText("没有通知。").waitFor();
    await window.pictures("notices-empty");
    await moveClock(await at("supervisor"), 3);
    await page.getByRole("button", { name: "通知，1 条未读" }).waitFor();
    await page.getByRole("button", { name: /^演示时钟，当前日期 2026-12-09/ }).waitFor();
    const notice = page.getByRole("list", { name: "通知" }).getByRole("link", { name: `【今天到期】${TASK}` });
    await notice.waitFor();
    await window.pictures("notices");
    assert.deepEqual(await violations(page), []);
    await notice.click();
    await page.getByRole("heading", { name: "填报进展", exact: true }).waitFor();
    await page.getByRole("button", { name: "通知", exact: true }).click();
    await notice.waitFor();
    assert.equal(await page.getByText("未读").count(), 0);
    await page.getByRole("navigation", { name: "菜单" }).getByRole("link", { name: /^待办/ }).click();
    await page.getByRole("heading", { name: /^待办/ }).waitFor();
  });

  step("a closed item is blue, and nothing of it waits any more", async () => {
    const window = await openList("supervisor");
    const { page } = window;
    await page.getByRole("link", { name: CLOSED, exact: true }).click();
    await page.getByRole("button", { name: "办结", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox").first().fill("储备库已建成并投入使用");
    await window.pictures("offer-finish");
    await dialog.getByRole("button", { name: "办结", exact: true }).click();
    await page.getByText("目前没有待办环节。").waitFor();
    await page.getByText("完成", { exact: true }).first().waitFor();
    assert.equal(await page.getByRole("button", { name: "办结", exact: true }).count(), 0);
    await window.pictures("item-done");
    await page.getByRole("navigation", { name: "菜单" }).getByRole("link", { name: "任务", exact: true }).click();
    await page.getByRole("row").filter({ hasText: CLOSED }).getByText("完成", { exact: true }).waitFor();
  });

  step("every number of the cockpit leads to the rows that it counts", async () => {
    const window = await at("leader");
    const { page } = window;
    await page.getByRole("link", { name: "驾驶舱" }).click();
    await page.getByRole("heading", { name: "按牵头单位" }).waitFor();
    const charts = await drawnCharts(page);
    assert.equal(charts.length, 2, "by leader and by unit");
    for (const { bars, figures } of charts) {
      assert.equal(bars, figures, "a bar for each part that is not empty");
    }
    await window.pictures("cockpit");
    assert.deepEqual(await violations(page), []);
    await switchLanguage(window, "English");
    await page.getByRole("heading", { name: "By lead unit" }).waitFor();
    await window.pictures("cockpit-english");
    await page.setViewportSize(SIZES.phone);
    const hidden = await page
      .locator(".count-table")
      .evaluateAll((tables) => tables.map((table) => table.scrollWidth - table.clientWidth));
    assert.ok(
      hidden.every((width) => width <= 0),
      `on a phone ${hidden} pixels of the tables must be scrolled to`,
    );
    await page.setViewportSize(SIZES.desktop);
    await switchLanguage(window, "中文");
    await page.getByRole("heading", { name: "按牵头单位" }).waitFor();
    const tables = await page.getByRole("table").count();
    assert.ok(tables >= 2, "by leader and by unit");
    const sums = await page.getByRole("link", { name: /^合计，.*打开列表$/ }).evaluateAll((links) =>
      links.map((link) => ({ href: link.getAttribute("href"), count: Number(link.textContent) })),
    );
    assert.ok(sums.length >= 6);
    const done = sums.find(({ href }) => new URL(href, page.url()).searchParams.get("light")?.includes("blue"));
    assert.equal(done?.count, 1, "the closed one");
    for (const { href, count } of sums) {
      await page.goto(href);
      await page.getByText(`共 ${count} 条`, { exact: true }).waitFor();
    }
    await page.goto(done.href);
    await page.getByRole("row").filter({ hasText: CLOSED }).getByText("完成", { exact: true }).waitFor();
  });

  step("filters stand in the address; the exported list is the shown one", async () => {
    const window = await openList("leader");
    const { page } = window;
    await page.getByRole("searchbox").or(page.getByPlaceholder("搜索标题")).first().fill("产业园");
    await page.keyboard.press("Enter");
    await page.getByText("共 1 条", { exact: true }).waitFor();
    assert.match(decodeURIComponent(page.url()), /q=产业园/);
    await page.reload();
    await page.getByText("共 1 条", { exact: true }).waitFor();
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "导出 Excel" }).click();
    const download = await downloading;
    assert.match(download.suggestedFilename(), /\.xlsx$/);
    assert.equal(readFileSync(await download.path()).subarray(0, 2).toString(), "PK");
  });

  step("another unit's head sees his own items only, and a stranger's item is not there", async () => {
    const { page } = await openList("head");
    const own = await page.getByRole("link", { name: TASK, exact: true }).getAttribute("href");
    const other = await openList("otherHead");
    await other.page.getByText("共 1 条", { exact: true }).waitFor();
    await other.page.goto(own);
    await other.page.getByText("页面不存在").waitFor();
    // The browser notes the 404 that was asked for.
    assert.ok(other.takeErrors().every((error) => error.includes("404")));
  });

  step("no window had an error in its console", () => {
    for (const [person, window] of Object.entries(windows)) {
      assert.deepEqual(window.takeErrors(), [], person);
    }
  });
});
