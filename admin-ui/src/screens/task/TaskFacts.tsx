import { Link } from "@tanstack/react-router";
import { Grid } from "antd";
import type { ItemView } from "../../api/types";
import { useMessages } from "../../i18n/language";
import { Facts, useFacts } from "../../ui/Facts";
import { LightTag } from "../../ui/LightTag";
import { StageBar } from "../../ui/StageBar";

/** What a task is about, in short: the long texts stand on the item's own page. */
export function TaskFacts({ item }: { item: ItemView }) {
  const texts = useMessages();
  const wide = Grid.useBreakpoint().md ?? true;
  const facts = useFacts(item.values).filter((fact) => !fact.wide && fact.name !== "title");
  return (
    <section className="panel" aria-label={texts.task.facts}>
      <div className="task-item">
        <LightTag light={item.light} />
        <Link className="task-item-title" to="/items/$item" params={{ item: item.id }}>
          {item.title}
        </Link>
      </div>
      <StageBar stages={item.stages} />
      {wide ? (
        <Facts facts={facts} columns={3} />
      ) : (
        <details className="task-facts">
          <summary>{texts.task.facts}</summary>
          <Facts facts={facts} columns={1} />
        </details>
      )}
    </section>
  );
}
