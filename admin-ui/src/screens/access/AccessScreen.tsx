import { useNavigate, useSearch } from "@tanstack/react-router";
import { Tabs } from "antd";
import { useMessages } from "../../i18n/language";
import { PageHeader } from "../../ui/PageHeader";
import { ExplainPanel } from "./ExplainPanel";
import { PolicyEditor } from "./PolicyEditor";
import { VersionsPanel } from "./VersionsPanel";

/** The security administrator's work: rules with their trial, versions, and why somebody sees something. */
export function AccessScreen() {
  const texts = useMessages();
  const navigate = useNavigate();
  const { tab = "rules" } = useSearch({ from: "/shell/access" });
  return (
    <>
      <PageHeader title={texts.access.title} windowTitle={texts.access.title} />
      <Tabs
        activeKey={tab}
        onChange={(next) =>
          void navigate({ to: "/access", search: next === "rules" ? {} : { tab: next }, replace: true })
        }
        items={[
          { key: "rules", label: texts.access.tabs.rules, children: <PolicyEditor /> },
          { key: "versions", label: texts.access.tabs.versions, children: <VersionsPanel /> },
          { key: "explain", label: texts.access.tabs.explain, children: <ExplainPanel /> },
        ]}
      />
    </>
  );
}
