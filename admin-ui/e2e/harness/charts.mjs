// The pictures of a cockpit: what is really drawn, against the table beside it.

/** Less than this is a sign of the legend or a mark of an axis, not a bar. In pixels. */
const BAR_PX = 14;

/**
 * Waits until every chart of the page is drawn.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<{bars: number, figures: number}[]>} for each chart the bars that can be seen, and the parts of its table's
 *   rows that are not zero
 */
export async function drawnCharts(page) {
  const charts = page.getByRole("img", { name: /堆积条形图/ });
  await charts.first().waitFor();
  await page.locator('[role="img"][aria-busy]').first().waitFor({ state: "detached" });
  const found = [];
  for (const chart of await charts.all()) {
    const bars = await chart.evaluate((place, least) => {
      const shapes = [...place.querySelectorAll("path")].map((path) => {
        const { width, height } = path.getBoundingClientRect();
        return { fill: path.getAttribute("fill"), small: Math.min(width, height) < least };
      });
      // A bar has a colour of the legend.
      const colours = new Set(shapes.filter(({ small }) => small).map(({ fill }) => fill));
      const bars = shapes.filter(({ fill, small }) => !small && fill?.startsWith("#") && colours.has(fill));
      return bars.length;
    }, BAR_PX);
    const figures = await chart.evaluate((place) => {
      const rows = [...place.closest("section").querySelectorAll("tbody tr[data-row-key]")];
      // After the name: total, normal (near ones among them), near, overdue, done, suspended.
      return rows
        .map((row) => [...row.querySelectorAll("td")].slice(1).map((cell) => Number(cell.textContent)))
        .flatMap(([, normal, near, ...others]) => [normal - near, near, ...others])
        .filter((count) => count > 0).length;
    });
    found.push({ bars, figures });
  }
  return found;
}
