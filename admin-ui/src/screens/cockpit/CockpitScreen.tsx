import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { type CSSProperties, useEffect } from "react";
import { cockpitQuery, moduleQuery } from "../../api/queries/modules";
import { useMe } from "../../api/queries/session";
import type { ChartView, CockpitView } from "../../api/types";
import { instantText } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { DirectoryPicker } from "../../ui/DirectoryPicker";
import { Empty } from "../../ui/Empty";
import { ErrorPanel } from "../../ui/ErrorPanel";
import { Loading } from "../../ui/Loading";
import { learn } from "../../ui/names";
import { PageHeader } from "../../ui/PageHeader";
import { CountTable, tableWidth } from "./CountTable";
import { LightsChart } from "./LightsChart";

/** A module's cockpit: counts by leader and by unit, each number the way to the rows that it counts. */
export function CockpitScreen() {
  const { module } = useParams({ from: "/shell/cockpits/$module" });
  const { unit: units = [] } = useSearch({ from: "/shell/cockpits/$module" });
  const { data, error, refetch } = useQuery(cockpitQuery(module, units));
  const { data: view } = useQuery(moduleQuery(module));
  const texts = useMessages();
  useLearnedRows(data);
  if (error && !data) {
    return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  }
  const title = texts.cockpit.title(view?.title ?? "");
  return (
    <>
      <PageHeader title={title} windowTitle={title} />
      <Tools module={module} units={units} data={data} />
      {data ? (
        data.charts.map((chart) => (
          <Chart key={`${chart.kind} ${chart.by}`} module={module} units={units} chart={chart} />
        ))
      ) : (
        <Loading rows={10} />
      )}
    </>
  );
}

/** A chart counts by unit or by person: the names of its rows are names of those. */
function useLearnedRows(data: CockpitView | undefined): void {
  useEffect(() => {
    for (const { by, rows } of data?.charts ?? []) {
      for (const { key, name } of rows) {
        if (key) {
          learn(by === "lead_unit" ? "unit" : "person", key, name);
        }
      }
    }
  }, [data]);
}

function Tools({ module, units, data }: { module: string; units: string[]; data: CockpitView | undefined }) {
  const texts = useMessages();
  const { zone } = useMe();
  const navigate = useNavigate();
  return (
    <div className="cockpit-tools">
      <div className="units">
        <span className="nowrap">{texts.cockpit.units}</span>
        <DirectoryPicker
          kind="unit"
          multiple
          label={texts.cockpit.units}
          placeholder={texts.cockpit.unitsPlaceholder}
          value={units}
          onChange={(unit) =>
            void navigate({
              to: "/cockpits/$module",
              params: { module },
              search: unit.length > 0 ? { unit } : {},
              replace: true,
              resetScroll: false,
            })
          }
        />
      </div>
      {data ? (
        <span className="muted">
          {texts.cockpit.asOf(instantText(data.as_of, zone))} · {texts.cockpit.rule}
          {texts.colon}
          {data.rule}
        </span>
      ) : null}
    </div>
  );
}

function Chart({ module, units, chart }: { module: string; units: string[]; chart: ChartView }) {
  const texts = useMessages();
  const id = `chart-${chart.kind}-${chart.by}`;
  return (
    <section className="panel" aria-labelledby={id}>
      <h2 className="panel-title" id={id}>
        {chart.title}
        <span className="aside muted">{chart.kind_title}</span>
      </h2>
      {chart.rows.length === 0 ? (
        <Empty title={texts.cockpit.empty} hint={texts.cockpit.emptyHint} />
      ) : (
        <div className="chart-pair" style={{ "--table-width": `${tableWidth(texts)}px` } as CSSProperties}>
          <LightsChart module={module} units={units} chart={chart} />
          <CountTable module={module} units={units} chart={chart} />
        </div>
      )}
    </section>
  );
}
