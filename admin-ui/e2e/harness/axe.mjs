// What a person who cannot see well, or uses no mouse, would stumble over: axe-core, put into the page by hand.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const source = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/**
 * The violations of WCAG 2.1 A and AA on what stands on the screen, one line each.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>}
 */
export async function violations(page) {
  await page.evaluate(readSource());
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
      resultTypes: ["violations"],
    });
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(
        (node) =>
          `${id}: ${help}: ${node.html.slice(0, 200)} ${node.any.map((check) => check.message).join("; ")}`,
      ),
    );
  });
}

let loaded;
function readSource() {
  loaded ??= readFileSync(source, "utf8");
  return loaded;
}
