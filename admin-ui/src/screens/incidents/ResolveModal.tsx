import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Modal, Radio } from "antd";
import { useRef, useState } from "react";
import { errorText } from "../../api/errors";
import { CommandKey } from "../../api/idempotency";
import { resolveIncident } from "../../api/queries/incidents";
import type { IncidentView, ResolveInput } from "../../api/types";
import { useMessages } from "../../i18n/language";
import { ChoiceField } from "../../ui/ChoiceField";
import { CommentField } from "../../ui/CommentField";
import { PeopleField } from "../../ui/PeopleField";

type How = ResolveInput["how"];
type Filled = { how: How; people: string[]; outcome: string; node: string | undefined; comment: string };

/** The ways in which an incident can be resolved, the first of which is proposed. */
export function waysOf(incident: IncidentView): How[] {
  return [
    ...(incident.cause === "nobody" ? (["reassign"] as const) : []),
    "retry",
    ...(incident.outcomes.length > 0 ? (["skip"] as const) : []),
    ...(incident.nodes.length > 0 ? (["jump"] as const) : []),
  ];
}

/** What is sent; none where something is missing. */
export function resolutionOf({ how, people, outcome, node, comment }: Filled): ResolveInput | undefined {
  const said = comment.trim();
  const more = { people: [], ...(said === "" ? {} : { comment: said }) };
  switch (how) {
    case "reassign":
      return people.length > 0 ? { ...more, how, people } : undefined;
    case "retry":
      return { ...more, how };
    case "skip":
      return said === "" ? undefined : { ...more, how, ...(outcome === "" ? {} : { outcome }) };
    case "jump":
      return said === "" || node === undefined ? undefined : { ...more, how, node };
  }
}

/** Asks how an incident is resolved. */
export function ResolveModal({ incident, onClose }: { incident: IncidentView; onClose: () => void }) {
  const texts = useMessages();
  const client = useQueryClient();
  const { message } = App.useApp();
  const ways = waysOf(incident);
  const key = useRef(new CommandKey());
  const [filled, setFilled] = useState<Filled>({
    how: ways[0] ?? "retry",
    people: [],
    outcome: incident.outcomes[0]?.node ?? "",
    node: undefined,
    comment: "",
  });
  const [missing, setMissing] = useState(false);
  const fill = (more: Partial<Filled>) => setFilled((before) => ({ ...before, ...more }));
  const resolve = useMutation({
    mutationFn: (body: ResolveInput) => resolveIncident(incident.id, key.current.for(body), body),
    onSuccess: () => {
      key.current.settle();
      message.success(texts.incidents.resolved);
      void client.invalidateQueries();
      onClose();
    },
    onError: () => key.current.settle(),
  });
  const send = () => {
    const body = resolutionOf(filled);
    setMissing(body === undefined);
    if (body) {
      resolve.mutate(body);
    }
  };
  const options = (steps: IncidentView["nodes"]) =>
    steps.map(({ node, title }) => ({ value: node, label: title }));
  return (
    <Modal
      open
      title={texts.incidents.at(incident.node_title, incident.text)}
      okText={texts.incidents.resolve}
      cancelText={texts.app.cancel}
      confirmLoading={resolve.isPending}
      onCancel={onClose}
      onOk={send}
    >
      {resolve.error ? (
        <Alert className="summary" type="error" showIcon title={errorText(resolve.error)} />
      ) : null}
      <Radio.Group
        className="form-field"
        aria-label={texts.incidents.how}
        value={filled.how}
        options={ways.map((how) => ({ value: how, label: texts.incidents.ways[how] }))}
        onChange={(event) => {
          setMissing(false);
          fill({ how: event.target.value as How });
        }}
      />
      {filled.how === "reassign" ? (
        <PeopleField
          label={texts.operations.person}
          missing={missing}
          value={filled.people}
          onChange={(people) => fill({ people })}
        />
      ) : null}
      {filled.how === "skip" ? (
        <ChoiceField
          label={texts.incidents.outcome}
          value={filled.outcome}
          options={options(incident.outcomes)}
          onChange={(outcome) => fill({ outcome })}
        />
      ) : null}
      {filled.how === "jump" ? (
        <ChoiceField
          label={texts.incidents.step}
          required
          missing={missing}
          value={filled.node}
          options={options(incident.nodes)}
          onChange={(node) => fill({ node })}
        />
      ) : null}
      <CommentField
        required={filled.how === "skip" || filled.how === "jump"}
        problem={missing ? texts.task.commentMissing(texts.incidents.ways[filled.how]) : undefined}
        value={filled.comment}
        onChange={(comment) => fill({ comment })}
      />
    </Modal>
  );
}
