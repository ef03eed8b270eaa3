// What a person does at the browser, by role and label only.

/** Staff numbers of the demo organisation, by what the journeys need them for. */
export const PEOPLE = {
  supervisor: "K0137",
  leader: "L001",
  otherHead: "K0008",
  // All of one unit, 发展改革委.
  head: "K0001",
  deputy: "K0002",
  otherDeputy: "K0003",
  chief: "K0004",
  handler: "K0005",
  otherHandler: "K0006",
  liaison: "K0007",
  // Two of the three administrators.
  systemAdmin: "A001",
  auditAdmin: "A003",
};

/** Signs in and waits for the to-do list, which opens first. */
export async function signIn(window, code) {
  const { page, server } = window;
  await page.goto("/");
  await page.getByLabel("工号").fill(code);
  await page.getByLabel("密码").fill(server.password);
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await page.getByRole("heading", { name: /^待办/ }).waitFor();
}

export async function signOut({ page }) {
  await page.getByRole("button", { name: /个人菜单$/ }).click();
  await page.getByRole("menuitem", { name: "退出登录" }).click();
  await page.getByLabel("工号").waitFor();
}

/** Switches to English, or back to Chinese. */
export async function switchLanguage({ page }, to) {
  const [before, after] = to === "English" ? [/个人菜单$/, /account menu$/] : [/account menu$/, /个人菜单$/];
  await page.getByRole("button", { name: before }).click();
  await page.getByRole("menuitem", { name: to, exact: true }).click();
  await page.getByRole("button", { name: after }).waitFor();
}

/** The next person sits down at the window, whoever was there before. */
export async function seat(window, code) {
  if (window.code !== undefined) {
    await signOut(window);
  }
  await signIn(window, code);
  window.code = code;
}

/** Picks a person or a unit in a field, by name and by what stands beside it. */
export async function pick(page, field, name, beside = "") {
  const box = page.getByRole("combobox", { name: field, exact: true });
  await box.click();
  await box.fill(name);
  await page.locator(".ant-select-item-option").filter({ hasText: name }).filter({ hasText: beside }).click();
  // Of several the list stays open; the next field would lie under it.
  await box.blur();
}

/** Opens the dialog of an operation on the task that is shown. */
export async function beginOperation(page, name) {
  await page.getByRole("button", { name: "更多操作" }).click();
  await page.getByRole("menuitem", { name, exact: true }).click();
  const dialog = page.getByRole("dialog", { name, exact: true });
  await dialog.waitFor();
  return dialog;
}

/** Presses the dialog's button of that name, and waits until it is gone. */
export async function confirm(dialog, name) {
  await dialog.getByRole("button", { name, exact: true }).click();
  await dialog.waitFor({ state: "detached" });
}

/** Moves the demonstration's clock by so many days, with the buttons of the demo clock. */
export async function moveClock({ page }, days) {
  for (let left = days; left > 0; ) {
    const step = [7, 3, 1].find((step) => step <= left);
    left -= step;
    // While it is at work its name says so as well.
    const jump = page.getByRole("button", { name: new RegExp(`\\+${step} 天$`) });
    await page.getByRole("button", { name: /^演示时钟/ }).click();
    await jump.click();
    // The panel closes when the clock has moved.
    await jump.waitFor({ state: "hidden" });
  }
}

/** Opens a step of an item from the to-do list. */
export async function openTask(page, step, title) {
  await page.getByRole("link", { name: `办理：${step}，${title}` }).click();
  await page.getByRole("heading", { name: step, exact: true, level: 1 }).waitFor();
}
