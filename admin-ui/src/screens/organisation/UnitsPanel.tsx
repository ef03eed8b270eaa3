import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Tag, Tree, type TreeDataNode } from "antd";
import { useState } from "react";
import { orgUnitsQuery } from "../../api/queries/organisation";
import type { OrgUnitView } from "../../api/types";
import { useMessages } from "../../i18n/language";
import { Empty } from "../../ui/Empty";
import { ErrorPanel } from "../../ui/ErrorPanel";
import { Loading } from "../../ui/Loading";

/** The tree of units; what lies below one is fetched when it is opened. */
export function UnitsPanel() {
  const texts = useMessages();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(orgUnitsQuery(undefined));
  const [below, setBelow] = useState<Record<string, OrgUnitView[]>>({});
  if (error && !data) {
    return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  }
  if (!data) {
    return <Loading />;
  }
  const nodes = (units: OrgUnitView[]): TreeDataNode[] =>
    units.map((unit) => {
      const known = below[unit.id];
      return {
        key: unit.id,
        title: <UnitTitle unit={unit} />,
        isLeaf: unit.below === 0,
        ...(known ? { children: nodes(known) } : {}),
      };
    });
  return (
    <section className="panel">
      {data.length === 0 ? (
        <Empty title={texts.organisation.noUnits} />
      ) : (
        <Tree
          aria-label={texts.organisation.tabs.units}
          selectable={false}
          blockNode
          treeData={nodes(data)}
          loadData={async ({ key }) => {
            const found = await client.fetchQuery(orgUnitsQuery(String(key)));
            setBelow((before) => ({ ...before, [String(key)]: found }));
          }}
        />
      )}
    </section>
  );
}

function UnitTitle({ unit }: { unit: OrgUnitView }) {
  const texts = useMessages();
  const { from = "", to = "" } = unit;
  return (
    <span className="unit-title">
      {unit.name}
      <span className="row-meta">
        {[
          unit.class,
          texts.organisation.unitPeople(unit.people),
          from || to ? texts.organisation.validity(from, to) : "",
          unit.successor ? texts.organisation.successor(unit.successor.name) : "",
        ]
          .filter(Boolean)
          .join(" · ")}
      </span>
      {unit.in_force ? null : <Tag>{to ? texts.organisation.ended : texts.organisation.future}</Tag>}
    </span>
  );
}
