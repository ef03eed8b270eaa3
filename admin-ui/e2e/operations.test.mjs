// What people do with a task beside completing it, one after the other at the same window, at either size.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { violations } from "./harness/axe.mjs";
import { SIZES, startBrowser } from "./harness/browser.mjs";
import { beginOperation, confirm, openTask, PEOPLE, pick, seat } from "./harness/person.mjs";
import { startServer } from "./harness/server.mjs";
import { startService } from "./harness/service.mjs";
import { steps } from "./harness/steps.mjs";

const UNIT = "发展改革委";
const TEXT = "各成员单位要于月底前报送季度进展。";
const LONG =
  "关于进一步健全完善重点产业项目建设与营商环境优化协同推进机制切实提升全区招商引资和项目服务保障质效的通知";

for (const size of Object.keys(SIZES)) {
  describe(`passing a document on, on a ${size}`, () => {
    const title = `${LONG}（${size}）`;
    let service;
    let server;
    let browser;
    let window;
    let page;

    before(async () => {
      service = await startService();
      [server, browser] = await Promise.all([
        startServer({
          config: join(import.meta.dirname, "circulation"),
          services: { archive: service.settings },
          title: "机关文件会签平台",
          titleEn: "Circulation",
        }),
        startBrowser(),
      ]);
      window = await browser.window({ server, size });
      page = window.page;
    });
    after(async () => {
      await browser?.close();
      await server?.stop();
      await service?.stop();
    });

    const step = steps();

    const todo = () => page.getByRole("heading", { name: /^待办/ }).waitFor();
    const nothing = () => page.getByText("没有待办事项。").waitFor();

    step("the system has the title that its installation gave it", async () => {
      await page.goto("/");
      await page.getByRole("heading", { name: "机关文件会签平台", exact: true }).waitFor();
      await seat(window, PEOPLE.handler);
      await page.getByRole("link", { name: "机关文件会签平台" }).waitFor();
      await page.waitForFunction(() => document.title.endsWith("· 机关文件会签平台"));
      await nothing();
      await window.picture(`operations-todo-empty-${size}`);
      await window.fits("the empty list");
    });

    step("somebody creates a document", async () => {
      await page.goto("/modules/circulation/document");
      await page.getByText("这里还没有事项。").waitFor();
      await page.getByRole("button", { name: "新建", exact: true }).first().click();
      const drawer = page.getByRole("dialog");
      await drawer.getByLabel("文件标题").fill(title);
      await pick(page, "主办单位", UNIT);
      await drawer.getByRole("button", { name: "新建", exact: true }).click();
      await page.getByRole("heading", { name: title, exact: true }).waitFor();
      await window.picture(`operations-item-${size}`);
      await window.fits("the item");
      await page.getByRole("link", { name: "去办理：拟稿" }).click();
      await page.getByRole("heading", { name: "拟稿", exact: true }).waitFor();
    });

    step("转办: it is another one's then", async () => {
      const dialog = await beginOperation(page, "转办");
      await dialog.getByRole("button", { name: "转办", exact: true }).click();
      await dialog.getByRole("alert").filter({ hasText: "请选择办理人" }).waitFor();
      await pick(page, "办理人", "郑春晖", UNIT);
      await dialog.getByLabel("意见").fill("请你来拟");
      await window.picture(`operations-transfer-${size}`);
      await window.fits("the dialog");
      assert.deepEqual(await violations(page), []);
      await confirm(dialog, "转办");
      await nothing();
    });

    step("抄送: another one may read it and is told", async () => {
      await seat(window, PEOPLE.otherHandler);
      await openTask(page, "拟稿", title);
      const dialog = await beginOperation(page, "抄送");
      await pick(page, "抄送给", "赵一帆", UNIT);
      await dialog.getByLabel("意见").fill("请先看看");
      await confirm(dialog, "抄送");
      await page.getByRole("heading", { name: "拟稿", exact: true }).waitFor();
    });

    step("撤回: what was handed in is taken back while that is possible", async () => {
      await page.getByLabel("正文").fill(TEXT);
      await page.getByRole("button", { name: "提交", exact: true }).click();
      await nothing();
      await page.goto("/done");
      await page.getByRole("link", { name: `查看：${title}` }).click();
      await page.getByText("还可撤回").waitFor();
      await window.picture(`operations-withdraw-${size}`);
      await window.fits("the done task");
      await page.getByRole("button", { name: "撤回", exact: true }).click();
      await page.getByRole("tooltip").getByRole("button", { name: "撤回", exact: true }).click();
      await todo();
      await openTask(page, "拟稿", title);
      assert.equal(await page.getByLabel("正文").inputValue(), TEXT, "what was written is still there");
      await page.getByRole("button", { name: "提交", exact: true }).click();
      await nothing();
    });

    step("委托: one works on it, the other keeps it", async () => {
      await seat(window, PEOPLE.chief);
      await openTask(page, "核稿", title);
      await page.getByText(TEXT).last().waitFor();
      const dialog = await beginOperation(page, "委托");
      await pick(page, "办理人", "钱志强", UNIT);
      await confirm(dialog, "委托");
      await nothing();
    });

    step("交回: it comes back with what the other one thinks", async () => {
      await seat(window, PEOPLE.deputy);
      await openTask(page, "核稿", title);
      await page.getByText("李子墨委托您先处理。").waitFor();
      assert.equal(await page.getByRole("button", { name: "同意", exact: true }).count(), 0);
      await window.picture(`operations-delegated-${size}`);
      await window.fits("the delegated task");
      await page.getByRole("button", { name: "交回", exact: true }).click();
      const dialog = page.getByRole("dialog", { name: "交回" });
      await dialog.getByLabel("意见").fill("文字无误");
      await confirm(dialog, "交回");
      await nothing();
    });

    step("催办: from the item's page, by whom a policy lets", async () => {
      await seat(window, PEOPLE.supervisor);
      await page.goto("/modules/circulation/document");
      await page.getByRole("link", { name: title, exact: true }).click();
      await page.getByRole("button", { name: /^催办：核稿/ }).click();
      const dialog = page.getByRole("dialog", { name: "催办" });
      await dialog.getByLabel("意见").fill("请今天办完");
      await window.picture(`operations-urge-${size}`);
      await window.fits("the dialog");
      await confirm(dialog, "催办");
      await page.getByRole("tab", { name: "办理历史" }).click();
      await page.getByText("请今天办完").waitFor();
    });

    step("退回: the reason is read where it goes, and it comes straight back", async () => {
      await seat(window, PEOPLE.chief);
      await page.getByRole("button", { name: /^通知/ }).click();
      await window.picture(`operations-notices-${size}`);
      await page.getByRole("list", { name: "通知" }).getByRole("link").first().click();
      await page.getByRole("heading", { name: "核稿", exact: true }).waitFor();
      const dialog = await beginOperation(page, "退回");
      await dialog.getByRole("button", { name: "退回", exact: true }).click();
      await dialog.getByRole("alert").filter({ hasText: "退回必须填写意见。" }).waitFor();
      await dialog.getByLabel("意见").fill("请补充报送方式");
      await dialog.getByLabel("改好后直接回到本步骤").check();
      await window.picture(`operations-return-${size}`);
      await window.fits("the dialog");
      await confirm(dialog, "退回");
      await nothing();

      // Whoever a task was given to before: going back, it is again for whom the definition means.
      await seat(window, PEOPLE.handler);
      await openTask(page, "拟稿", title);
      await page.getByText("请补充报送方式").waitFor();
      await page.getByLabel("正文").fill(`${TEXT}以正式文件报送。`);
      await page.getByRole("button", { name: "提交", exact: true }).click();
      await page.getByText("已提交，下一步：核稿").waitFor();
      await nothing();
    });

    step("会签 begins for each deputy head", async () => {
      await seat(window, PEOPLE.chief);
      await openTask(page, "核稿", title);
      await page.getByRole("button", { name: "同意", exact: true }).click();
      await nothing();
    });

    step("加签 and 减签: who signs is seen at once", async () => {
      await seat(window, PEOPLE.deputy);
      await openTask(page, "会签", title);
      await page.getByText("2 人参加，0 人已签").waitFor();
      const add = await beginOperation(page, "加签");
      await pick(page, "签署人", "李子墨", UNIT);
      await pick(page, "签署人", "王文博", UNIT);
      await window.picture(`operations-add-signers-${size}`);
      await window.fits("the dialog");
      await confirm(add, "加签");
      await page.getByText("4 人参加，0 人已签").waitFor();
      const leave = await beginOperation(page, "减签");
      await leave.getByRole("button", { name: "减签", exact: true }).click();
      await leave.getByRole("alert").filter({ hasText: "请选择减去" }).waitFor();
      await leave.getByRole("combobox", { name: "减去" }).click();
      await page.locator(".ant-select-item-option").filter({ hasText: "李子墨" }).click();
      await confirm(leave, "减签");
      await page.getByText("3 人参加，0 人已签").waitFor();
      await page.getByRole("textbox", { name: "意见", exact: true }).fill("同意发文");
      await page.getByRole("button", { name: "同意", exact: true }).click();
      await nothing();
    });

    step("会签: the others see who has signed and with what words", async () => {
      await seat(window, PEOPLE.otherDeputy);
      await openTask(page, "会签", title);
      const signers = page.getByRole("region", { name: /^会签情况/ });
      await signers.getByText("3 人参加，1 人已签").waitFor();
      const line = (name) => signers.getByRole("listitem").filter({ hasText: name });
      await line("钱志强").getByText("同意发文").waitFor();
      await line("孙秋实").getByText("待签").waitFor();
      await line("王文博").getByText("钱志强加签").waitFor();
      await window.picture(`operations-signers-${size}`);
      await window.fits("the task");
      assert.deepEqual(await violations(page), []);
      await page.getByRole("button", { name: "同意", exact: true }).click();
      await nothing();
    });

    step("a lock: one of two steps is done after the other", async () => {
      await seat(window, PEOPLE.liaison);
      await openTask(page, "会签", title);
      await page.getByRole("button", { name: "同意", exact: true }).click();
      await openTask(page, "编号", title);
      await page.getByRole("button", { name: "领取", exact: true }).click();
      await page.goto("/todo");
      await openTask(page, "用印", title);
      await page.getByText("“编号”正在办理，完成后才能办理这一步。").waitFor();
      assert.equal(await page.getByRole("button", { name: "完成", exact: true }).count(), 0);
      await window.picture(`operations-occupied-${size}`);
      for (const name of ["编号", "用印"]) {
        await page.goto("/todo");
        await openTask(page, name, title);
        await page.getByRole("button", { name: "完成", exact: true }).click();
        await todo();
      }
    });

    step("传阅: who had a copy is told, reads, and decides for all", async () => {
      await seat(window, PEOPLE.head);
      await page.getByRole("button", { name: "通知，1 条未读" }).click();
      await page.getByRole("list", { name: "通知" }).getByRole("link").first().click();
      await page.getByRole("heading", { name: title, exact: true }).waitFor();
      await page.getByRole("link", { name: "去办理：传阅" }).click();
      await page.getByRole("button", { name: "已阅", exact: true }).click();
      await nothing();
    });

    step("who comes late is told so, and may still comment", async () => {
      await seat(window, PEOPLE.handler);
      await page.getByText("已有结果，可补充意见").waitFor();
      await window.picture(`operations-todo-late-${size}`);
      await window.fits("the list");
      await openTask(page, "传阅", title);
      await page.getByText("这一步已有结果，您仍可补充意见，不影响结果。").waitFor();
      await page.getByRole("textbox", { name: "意见", exact: true }).fill("建议抄送各镇街");
      await page.getByRole("button", { name: "已阅", exact: true }).click();
      await nothing();
    });

    step("a closed item is opened again at a step, with a reason", async () => {
      await seat(window, PEOPLE.liaison);
      await openTask(page, "归档", title);
      await page.getByRole("button", { name: "归档", exact: true }).click();
      await nothing();
      await seat(window, PEOPLE.supervisor);
      await page.goto("/modules/circulation/document");
      await page.getByRole("link", { name: title, exact: true }).click();
      await page.getByText("目前没有待办环节。").waitFor();
      await page.getByRole("button", { name: "重新打开", exact: true }).click();
      const dialog = page.getByRole("dialog", { name: "重新打开" });
      await dialog.getByRole("button", { name: "重新打开", exact: true }).click();
      await dialog.getByRole("alert").filter({ hasText: "重新打开必须填写意见。" }).waitFor();
      await dialog.getByLabel("意见").fill("文号有误，重新核稿");
      await window.picture(`operations-reopen-${size}`);
      await window.fits("the dialog");
      await confirm(dialog, "重新打开");
      await page.getByText("核稿", { exact: true }).waitFor();
      await page.getByRole("tab", { name: "办理历史" }).click();
      await page.getByText("文号有误，重新核稿").waitFor();
    });

    step("what happened on paper is entered at the step where it stands", async () => {
      await page.goto("/modules/circulation/document");
      await page.getByRole("button", { name: "补录" }).click();
      await page.getByRole("menuitem", { name: "从“归档”开始" }).click();
      const drawer = page.getByRole("dialog");
      await drawer.getByLabel("文件标题").fill(`纸质文件（${size}）`);
      await pick(page, "主办单位", UNIT);
      await drawer.getByLabel("办理结果").fill("已印发");
      await window.picture(`operations-enter-${size}`);
      await window.fits("the drawer");
      await drawer.getByRole("button", { name: "新建", exact: true }).click();
      await page.getByRole("heading", { name: `纸质文件（${size}）`, exact: true }).waitFor();
      await page.getByText("王文博 办理中").waitFor();
    });

    step("no window had an error in its console", () => {
      // The browser notes what was still being asked when somebody signed out.
      const errors = window.takeErrors().filter((error) => !/ 401 .*\/api\/me\)/.test(error));
      assert.deepEqual(errors, []);
    });
  });
}
