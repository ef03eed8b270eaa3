import { useNavigate } from "@tanstack/react-router";
import type { BarSeriesOption } from "echarts/charts";
import { lazy, Suspense, useMemo } from "react";
import type { ChartView } from "../../api/types";
import type { ChartOption, Clicked } from "../../charts/Chart";
import { ChartOutline } from "../../charts/ChartOutline";
import { useMessages } from "../../i18n/language";
import type { Messages } from "../../i18n/zh";
import { FONT } from "../../theme";
import { LIGHT_COLOURS } from "../../ui/lightColours";
import { textWidth } from "../../ui/textWidth";
import { useWidth } from "../../ui/useWidth";
import { rowName } from "./CountTable";
import { drill, type Figure } from "./drill";

/** Asked for with the screen, not when the numbers have come: it is the larger part of what the cockpit waits for. */
const loading = import("../../charts/Chart");
loading.catch(() => undefined);
const Chart = lazy(() => loading.catch(() => import("../../charts/Chart")));

/** More bars than this are no picture any more. */
const MOST = 20;
const ROW_PX = 34;
const AROUND_PX = 68;
/** Each further line of the legend. */
const LEGEND_PX = 26;
/** The legend: its letters, a mark, the gap behind a mark, between two parts, and around it all. */
const LEGEND_FONT_PX = 12;
const MARK_PX = 18;
const MARK_GAP_PX = 5;
const GAP_PX = 14;
const LEGEND_PADDING_PX = 5;

/** The parts of a bar: they add up to the row's total. Green without the near ones lists green only. */
const PARTS = [
  { figure: "overdue", colour: "red" },
  { figure: "near", colour: "yellow" },
  { figure: "normal", colour: "green" },
  { figure: "done", colour: "blue" },
  { figure: "suspended", colour: "grey" },
] as const;

type Decal = Exclude<NonNullable<NonNullable<BarSeriesOption["itemStyle"]>["decal"]>, string>;

const PALE = "rgba(255, 255, 255, 0.35)";

/** Patterns laid over the colours, one for each part, so that a bar can be read without them. */
const DECALS: Decal[] = [
  { color: PALE, symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -Math.PI / 4 },
  { color: PALE, symbol: "circle", dashArrayX: [8, 8], dashArrayY: [6, 4], symbolSize: 0.6 },
  { symbol: "none" },
  { color: PALE, symbol: "rect", dashArrayX: [1, 0], dashArrayY: [1, 6] },
  { color: PALE, symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: Math.PI / 4 },
];

export function LightsChart({ module, units, chart }: { module: string; units: string[]; chart: ChartView }) {
  const texts = useMessages();
  const navigate = useNavigate();
  const rows = useMemo(() => [...chart.rows].sort((a, b) => b.total - a.total).slice(0, MOST), [chart.rows]);
  const [place, width] = useWidth<HTMLDivElement>();
  const legend = (legendLines(texts, width) - 1) * LEGEND_PX;
  const option = useMemo(() => optionOf(rows, texts, legend), [rows, texts, legend]);
  const height = rows.length * ROW_PX + AROUND_PX + legend;
  const open = ({ seriesIndex, dataIndex }: Clicked) => {
    const row = rows[dataIndex];
    const part = PARTS[seriesIndex];
    if (row && part) {
      const search = drill(chart, row, part.figure, units);
      void navigate({
        to: "/modules/$module/$kind",
        params: { module, kind: chart.kind },
        search: { ...search, light: [part.colour] },
      });
    }
  };
  return (
    <div ref={place}>
      <Suspense fallback={<ChartOutline height={height} />}>
        <Chart option={option} height={height} label={texts.cockpit.chart(chart.title)} onClick={open} />
      </Suspense>
      {chart.rows.length > MOST ? <p className="rule-note">{texts.cockpit.others(MOST)}</p> : null}
    </div>
  );
}

function count(row: ChartView["sum"], figure: Figure): number {
  return figure === "normal" ? row.normal - row.near : row[figure];
}

function partTitle(figure: Figure, texts: Messages): string {
  return figure === "near"
    ? texts.cockpit.nearPart
    : figure === "normal"
      ? texts.cockpit.onTime
      : texts.cockpit[figure];
}

/** The lines that the legend takes in a chart of this width. */
function legendLines(texts: Messages, width: number): number {
  let lines = 1;
  let used = 0;
  for (const { figure } of PARTS) {
    const part = MARK_PX + MARK_GAP_PX + textWidth(partTitle(figure, texts), LEGEND_FONT_PX);
    if (used > 0 && used + part > width - 2 * LEGEND_PADDING_PX) {
      lines += 1;
      used = 0;
    }
    used += part + GAP_PX;
  }
  return lines;
}

/** `legend`: the pixels of the legend beyond its first line. */
function optionOf(rows: readonly ChartView["sum"][], texts: Messages, legend: number): ChartOption {
  return {
    animation: false,
    aria: { enabled: true, label: { enabled: false }, decal: { show: true } },
    textStyle: { fontFamily: FONT },
    legend: {
      top: 0,
      left: 0,
      itemWidth: MARK_PX,
      itemHeight: 12,
      itemGap: GAP_PX,
      textStyle: { color: "#1f2329", fontSize: LEGEND_FONT_PX },
    },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, confine: true, order: "seriesAsc" },
    grid: { top: 40 + legend, left: 4, right: 24, bottom: 4, outerBoundsMode: "same" },
    xAxis: {
      type: "value",
      minInterval: 1,
      axisLabel: { color: "#4e5560" },
      splitLine: { lineStyle: { color: "#eceef1" } },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: rows.map((row) => rowName(row, texts)),
      axisLabel: { color: "#1f2329", width: 120, overflow: "truncate" },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: "#c9cdd4" } },
    },
    series: PARTS.map(({ figure, colour }, index) => ({
      type: "bar" as const,
      name: partTitle(figure, texts),
      stack: "lights",
      barMaxWidth: 22,
      cursor: "pointer",
      data: rows.map((row) => count(row, figure)),
      itemStyle: {
        color: LIGHT_COLOURS[colour].fill,
        borderColor: "#ffffff",
        borderWidth: 1,
        decal: DECALS[index],
      },
      label: {
        show: true,
        color: "#ffffff",
        textBorderColor: LIGHT_COLOURS[colour].text,
        textBorderWidth: 2,
        formatter: ({ value }: { value?: unknown }) => (Number(value) > 0 ? String(value) : ""),
      },
    })),
  };
}
