import type { ReactNode } from "react";
import type { Shown } from "../api/types";
import { useMessages } from "../i18n/language";

export type Fact = { name: string; title: string; content: ReactNode; wide?: boolean };

/** Titles with what they hold, in columns where there is room; long texts take a whole row. */
export function Facts({ facts, columns = 2 }: { facts: readonly Fact[]; columns?: 1 | 2 | 3 }) {
  return (
    <dl className={`facts facts-${columns}`}>
      {facts.map((fact) => (
        <div key={fact.name} className={fact.wide ? "fact fact-wide" : "fact"}>
          <dt>{fact.title}</dt>
          <dd>{fact.content}</dd>
        </div>
      ))}
    </dl>
  );
}

const LONG = 40;

/** Shown values as facts; empty ones are left out unless asked for. */
export function useFacts(values: readonly Shown[], withEmpty = false): Fact[] {
  const texts = useMessages();
  return values
    .filter((value) => withEmpty || value.text !== "")
    .map((value) => ({
      name: value.name,
      title: value.title,
      wide: value.kind === "multiline" || value.text.length > LONG,
      content:
        value.text === "" ? (
          <span className="muted">{texts.form.empty}</span>
        ) : (
          <span className="prose">{value.text}</span>
        ),
    }));
}
