import { Link } from "@tanstack/react-router";
import { Grid, Table } from "antd";
import type { ReactNode } from "react";
import type { ChartView, CountRow, Light } from "../../api/types";
import { useMessages } from "../../i18n/language";
import type { Messages } from "../../i18n/zh";
import { LightShape } from "../../ui/LightTag";
import { textWidth } from "../../ui/textWidth";
import { drill, FIGURES, type Figure } from "./drill";

const SHAPES: Partial<Record<Figure, Light>> = {
  normal: "green",
  near: "yellow",
  overdue: "red",
  done: "blue",
  suspended: "grey",
};

const NAME_PX = 132;
/** Beside a title: padding and the sign of its order; the shape of its light. */
const AROUND_PX = 40;
const SHAPE_PX = 18;

function widthOf(figure: Figure, texts: Messages): number {
  return Math.ceil(textWidth(texts.cockpit[figure], 14, 600)) + AROUND_PX + (SHAPES[figure] ? SHAPE_PX : 0);
}

/** How wide the table is where all of it is seen, in pixels. */
export function tableWidth(texts: Messages): number {
  return FIGURES.reduce((sum, figure) => sum + widthOf(figure, texts), NAME_PX);
}

type Props = { module: string; units: string[]; chart: ChartView };

export function nameTitle(by: string, texts: Messages): string {
  return by === "leader" || by === "lead_unit" ? texts.cockpit.name[by] : texts.cockpit.name.other;
}

/** The figures of a chart: sortable, with the sum, each the way to its rows. */
export function CountTable({ module, units, chart }: Props) {
  const texts = useMessages();
  const wide = Grid.useBreakpoint().md ?? true;
  const cell = (row: CountRow | undefined, counts: CountRow, figure: Figure): ReactNode => {
    const count = counts[figure];
    const name = row ? rowName(row, texts) : texts.cockpit.sum;
    return count === 0 ? (
      <span className="count count-zero">0</span>
    ) : (
      <Link
        className="count"
        to="/modules/$module/$kind"
        params={{ module, kind: chart.kind }}
        search={drill(chart, row, figure, units)}
        aria-label={texts.cockpit.open(name, texts.cockpit[figure], count)}
      >
        {count}
      </Link>
    );
  };
  return (
    <div className={wide ? "count-table" : "count-table count-narrow"}>
      <Table<CountRow>
        size="small"
        aria-label={chart.title}
        dataSource={chart.rows}
        rowKey={(row) => row.key ?? "none"}
        pagination={false}
        // On a phone all figures fit side by side, under short titles; how they are sorted is the least of them.
        tableLayout="fixed"
        {...(wide ? { scroll: { x: tableWidth(texts), ...(chart.rows.length > 14 ? { y: 480 } : {}) } } : {})}
        columns={[
          {
            key: "name",
            title: nameTitle(chart.by, texts),
            render: (_, row) => rowName(row, texts),
            ...(wide
              ? {
                  fixed: "left",
                  width: NAME_PX,
                  sorter: (a, b) => a.name.localeCompare(b.name, "zh-CN"),
                  showSorterTooltip: false,
                }
              : { width: "24%" }),
          },
          ...FIGURES.map((figure) => ({
            key: figure,
            title: <FigureTitle figure={figure} short={!wide} />,
            align: "right" as const,
            render: (_: unknown, row: CountRow) => cell(row, row, figure),
            ...(wide
              ? {
                  width: widthOf(figure, texts),
                  sorter: (a: CountRow, b: CountRow) => a[figure] - b[figure],
                  sortDirections: ["descend", "ascend"] as ("descend" | "ascend")[],
                  showSorterTooltip: false,
                }
              : {}),
          })),
        ]}
        summary={() => (
          <Table.Summary fixed>
            <Table.Summary.Row>
              <Table.Summary.Cell index={0}>
                <strong>{texts.cockpit.sum}</strong>
              </Table.Summary.Cell>
              {FIGURES.map((figure, index) => (
                <Table.Summary.Cell key={figure} index={index + 1} align="right">
                  <strong>{cell(undefined, chart.sum, figure)}</strong>
                </Table.Summary.Cell>
              ))}
            </Table.Summary.Row>
          </Table.Summary>
        )}
      />
      {chart.by === "leader" ? <p className="rule-note">{texts.cockpit.sumHint}</p> : null}
    </div>
  );
}

export function rowName(row: CountRow, texts: Messages): string {
  return row.key ? row.name : row.name || texts.cockpit.none;
}

function FigureTitle({ figure, short }: { figure: Figure; short: boolean }) {
  const texts = useMessages();
  const colour = SHAPES[figure];
  return (
    <span className="count-head">
      {colour ? <LightShape colour={colour} /> : null}
      {short ? (
        <abbr title={texts.cockpit[figure]}>{texts.cockpit.narrow[figure]}</abbr>
      ) : (
        texts.cockpit[figure]
      )}
    </span>
  );
}
