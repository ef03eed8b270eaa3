// What an administrator sees to: another system that fails, steps that nobody can do; at either size.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { violations } from "./harness/axe.mjs";
import { SIZES, startBrowser } from "./harness/browser.mjs";
import { openTask, PEOPLE, pick, seat } from "./harness/person.mjs";
import { startServer } from "./harness/server.mjs";
import { startService } from "./harness/service.mjs";
import { steps } from "./harness/steps.mjs";

const UNIT = "发展改革委";
const LONG =
  "关于进一步健全完善重点产业项目建设与营商环境优化协同推进机制切实提升全区招商引资和项目服务保障质效的会议纪要";
const TITLES = { given: `${LONG}（改派）`, passed: `${LONG}（跳过）`, moved: `${LONG}（转到）` };

describe("incidents", () => {
  let service;
  let server;
  let browser;
  const windows = {};

  before(async () => {
    service = await startService();
    [server, browser] = await Promise.all([
      startServer({
        config: join(import.meta.dirname, "circulation"),
        services: { archive: service.settings },
      }),
      startBrowser(),
    ]);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    await service?.stop();
  });

  const step = steps();

  const rowOf = (page, title) =>
    page.getByRole("list", { name: "待处置故障" }).getByRole("listitem").filter({ hasText: title });

  /** Opens the dialog of the incident of `title`, which says what has happened. */
  async function begin(page, title, what) {
    const row = rowOf(page, title);
    await row.getByText(what).waitFor();
    await row.getByRole("button", { name: /^处置/ }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(what).waitFor();
    return dialog;
  }

  const resolve = async (dialog) => {
    await dialog.getByRole("button", { name: "处置", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
  };

  /** Creates the records by the API: creating has a test of its own. */
  async function create({ context }) {
    const { request } = context;
    const me = await (await request.get("/api/me")).json();
    const [unit] = await (await request.get(`/api/units?q=${encodeURIComponent(UNIT)}`)).json();
    for (const title of Object.values(TITLES)) {
      const created = await request.post("/api/items?module=circulation&kind=record", {
        headers: { "X-CSRF-Token": me.csrf },
        data: { fields: { title, lead_unit: unit.id } },
      });
      assert.equal(created.status(), 200, await created.text());
    }
  }

  step("without any, the page says so", async () => {
    windows.supervisor = await browser.window({ server });
    const { page } = windows.supervisor;
    await seat(windows.supervisor, PEOPLE.supervisor);
    await page.goto("/incidents");
    await page.getByText("没有待处置的故障").waitFor();
    await windows.supervisor.pictures("incidents-empty");
  });

  step("another system that refuses becomes an incident for each, by itself", async () => {
    service.answers(400);
    await create(windows.supervisor);
    const { page } = windows.supervisor;
    await page.getByRole("link", { name: "待处置故障，3 件" }).waitFor();
    await page.getByText("外部系统“archive”出错").nth(2).waitFor();
    await windows.supervisor.pictures("incidents");
    assert.deepEqual(await violations(page), []);
  });

  step("重试: the other system is asked again", async () => {
    const { page } = windows.supervisor;
    service.answers(200, { shelf: "甲区三排" });
    for (const title of Object.values(TITLES)) {
      const dialog = await begin(page, title, "外部系统“archive”出错");
      await dialog.getByRole("radio", { name: "重试" }).check();
      await resolve(dialog);
      // Nobody holds the post of the next step.
      await rowOf(page, title).getByText("“上架”：没有人可以办理").waitFor();
    }
    assert.deepEqual(service.asked.at(-1), { title: TITLES.moved });
  });

  for (const size of Object.keys(SIZES)) {
    step(`what is missing is told before anything is sent, on a ${size}`, async () => {
      const window = windows.supervisor;
      const { page } = window;
      await page.setViewportSize(SIZES[size]);
      const dialog = await begin(page, TITLES.given, "没有人可以办理");
      await dialog.getByRole("radio", { name: "转到其他步骤" }).check();
      await dialog.getByRole("button", { name: "处置", exact: true }).click();
      await dialog.getByRole("alert").filter({ hasText: "请选择转到的步骤" }).waitFor();
      await window.picture(`incidents-jump-${size}`);
      await window.fits("the dialog");
      await dialog.getByRole("radio", { name: "改派" }).check();
      await window.picture(`incidents-reassign-${size}`);
      assert.deepEqual(await violations(page), []);
      await dialog.getByRole("button", { name: "取消", exact: true }).click();
      await dialog.waitFor({ state: "detached" });
    });
  }

  step("改派: somebody does it who holds no such post", async () => {
    const { page } = windows.supervisor;
    const dialog = await begin(page, TITLES.given, "没有人可以办理");
    await dialog.getByRole("radio", { name: "改派" }).check();
    await pick(page, "办理人", "王文博", UNIT);
    await resolve(dialog);
    await rowOf(page, TITLES.given).waitFor({ state: "detached" });
    windows.phone = await browser.window({ server, size: "phone" });
    await seat(windows.phone, PEOPLE.liaison);
    await openTask(windows.phone.page, "上架", TITLES.given);
    await windows.phone.picture("incidents-reassigned-phone");
    await windows.phone.fits("the task");
    await windows.phone.page.getByRole("button", { name: "完成", exact: true }).click();
    await windows.phone.page.getByText("没有待办事项。").waitFor();
  });

  step("跳过: the step is passed over, with its outcome and a reason", async () => {
    const { page } = windows.supervisor;
    const dialog = await begin(page, TITLES.passed, "没有人可以办理");
    await dialog.getByRole("radio", { name: "跳过" }).check();
    await dialog.getByRole("button", { name: "处置", exact: true }).click();
    await dialog.getByRole("alert").filter({ hasText: "跳过必须填写意见。" }).waitFor();
    await dialog.getByLabel("意见").fill("档案员空缺，已人工上架");
    await resolve(dialog);
    await rowOf(page, TITLES.passed).waitFor({ state: "detached" });
    await page.goto("/modules/circulation/record");
    await page.getByRole("link", { name: TITLES.passed, exact: true }).click();
    await page.getByText("甲区三排").waitFor();
    await page.getByRole("tab", { name: "办理历史" }).click();
    await page.getByText("档案员空缺，已人工上架").waitFor();
    await windows.supervisor.pictures("incidents-skipped-history");
  });

  step("转到其他步骤: another step goes on, and its people have it", async () => {
    const { page } = windows.supervisor;
    await page.goto("/incidents");
    const dialog = await begin(page, TITLES.moved, "没有人可以办理");
    await dialog.getByRole("radio", { name: "转到其他步骤" }).check();
    await dialog.getByRole("combobox", { name: "转到的步骤" }).click();
    await page.locator(".ant-select-item-option").filter({ hasText: "复核" }).click();
    await dialog.getByLabel("意见").fill("请科长先复核");
    await resolve(dialog);
    await page.getByText("没有待处置的故障").waitFor();
    await seat(windows.phone, PEOPLE.chief);
    await openTask(windows.phone.page, "复核", TITLES.moved);
    await windows.phone.page.getByRole("button", { name: "完成", exact: true }).click();
    await windows.phone.page.getByText("没有待办事项。").waitFor();
  });

  step("no window had an error in its console", () => {
    for (const [person, window] of Object.entries(windows)) {
      assert.deepEqual(window.takeErrors(), [], person);
    }
  });
});
