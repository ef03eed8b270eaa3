import type { BarSeriesOption } from "echarts/charts";
import { BarChart } from "echarts/charts";
import type {
  AriaComponentOption,
  GridComponentOption,
  LegendComponentOption,
  TooltipComponentOption,
} from "echarts/components";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { type ComposeOption, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";

use([BarChart, GridComponent, LegendComponent, TooltipComponent, AriaComponent, SVGRenderer]);

export type ChartOption = ComposeOption<
  BarSeriesOption | GridComponentOption | LegendComponentOption | TooltipComponentOption | AriaComponentOption
>;

/** What was clicked: the series and the row's place in the data. */
export type Clicked = { seriesIndex: number; dataIndex: number };

/** An ECharts drawing as SVG. A picture beside a table: the table carries the same for keyboards and screen readers. */
export default function Chart({
  option,
  height,
  label,
  onClick,
}: {
  option: ChartOption;
  height: number;
  label: string;
  onClick: (clicked: Clicked) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const click = useRef(onClick);
  click.current = onClick;
  const chart = useRef<ReturnType<typeof init>>(undefined);

  useEffect(() => {
    if (!box.current) {
      return undefined;
    }
    const place = box.current;
    const drawn = init(place, undefined, { renderer: "svg" });
    chart.current = drawn;
    drawn.on("finished", () => place.removeAttribute("aria-busy"));
    drawn.on("click", ({ seriesIndex, dataIndex }) => {
      if (seriesIndex !== undefined) {
        click.current({ seriesIndex, dataIndex });
      }
    });
    const resized = new ResizeObserver(() => drawn.resize());
    resized.observe(place);
    return () => {
      resized.disconnect();
      drawn.dispose();
      chart.current = undefined;
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another height draws anew
  useEffect(() => {
    box.current?.setAttribute("aria-busy", "true");
    chart.current?.resize();
    chart.current?.setOption(option, { notMerge: true });
  }, [option, height]);

  return <div ref={box} className="chart" style={{ height }} role="img" aria-label={label} />;
}
