// Chromium with nothing of the user's in it; every page that a journey opens is watched for errors.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";

/** The two sizes at which screens are looked at. */
export const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

/** How long a screen may take to show what it promises; the machine may be busy building something else. */
const PATIENCE_MS = 15_000;

export const screenshots = join(import.meta.dirname, "../screenshots");

export async function startBrowser() {
  await mkdir(screenshots, { recursive: true });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    // Without these Chromium talks to its maker's hosts, which a closed network refuses many times a second.
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return {
    /**
     * A person's own browser window: own cookies, own storage.
     * @param {{server: {address: string, password: string}, size?: keyof typeof SIZES, language?: string}} options
     */
    async window({ server, size = "desktop", language = "zh-CN" }) {
      const context = await browser.newContext({
        baseURL: server.address,
        viewport: SIZES[size],
        locale: language,
        timezoneId: "Asia/Shanghai",
        hasTouch: size === "phone",
        acceptDownloads: true,
      });
      context.setDefaultTimeout(PATIENCE_MS);
      const errors = [];
      const page = await context.newPage();
      page.on("console", (message) => {
        if (message.type() === "error") {
          errors.push(`${message.text()} (${message.location().url})`);
        }
      });
      page.on("pageerror", (error) => errors.push(String(error.stack ?? error)));
      return new Window(page, context, errors, server);
    },
    close: () => browser.close(),
  };
}

/** A person at a browser. */
class Window {
  constructor(page, context, errors, server) {
    this.page = page;
    this.context = context;
    this.errors = errors;
    this.server = server;
  }

  /** A picture of what stands on the screen, once nothing moves any more and no passing word lies over it. */
  async picture(name, { whole = false } = {}) {
    await this.page.mouse.move(0, 0);
    await this.page.locator(".ant-message-notice").last().waitFor({ state: "detached" });
    await this.page.evaluate(async () => {
      // What the pointer left begins to change with the next frame.
      await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
      await document.fonts.ready;
      await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {})));
    });
    await this.page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: whole });
  }

  /** Fails where something is wider than the window. */
  async fits(name) {
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(wide <= 0, `${name} is ${wide} pixels too wide`);
  }

  /** The same screen at both sizes, which it must fit; the window ends at the size that it had. */
  async pictures(name) {
    const before = this.page.viewportSize();
    for (const [size, viewport] of Object.entries(SIZES)) {
      await this.page.setViewportSize(viewport);
      await this.picture(`${name}-${size}`);
      await this.fits(`${name} on a ${size}`);
    }
    await this.page.setViewportSize(before);
  }

  /** The errors since the last call. */
  takeErrors() {
    return this.errors.splice(0);
  }

  close() {
    return this.context.close();
  }
}
