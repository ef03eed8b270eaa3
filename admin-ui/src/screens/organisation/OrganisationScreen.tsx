import { useNavigate, useSearch } from "@tanstack/react-router";
import { Tabs } from "antd";
import { useMessages } from "../../i18n/language";
import { PageHeader } from "../../ui/PageHeader";
import { StandInsPanel } from "../settings/StandInsPanel";
import { ExchangePanel } from "./ExchangePanel";
import { FollowUpsPanel } from "./FollowUpsPanel";
import { GapsPanel } from "./GapsPanel";
import { PeoplePanel } from "./PeoplePanel";
import { UnitsPanel } from "./UnitsPanel";

const TABS = ["people", "units", "exchange", "gaps", "standIns", "progress"] as const;

/** The system administrator's console of the organisation. */
export function OrganisationScreen() {
  const texts = useMessages();
  const navigate = useNavigate();
  const { tab } = useSearch({ from: "/shell/organisation" });
  const active = TABS.find((one) => one === tab) ?? "people";
  const panels = {
    people: <PeoplePanel />,
    units: <UnitsPanel />,
    exchange: <ExchangePanel />,
    gaps: <GapsPanel />,
    standIns: <StandInsPanel whose="org" />,
    progress: <FollowUpsPanel />,
  };
  return (
    <>
      <PageHeader title={texts.organisation.title} windowTitle={texts.organisation.title} />
      <Tabs
        activeKey={active}
        onChange={(next) =>
          void navigate({ to: "/organisation", search: next === "people" ? {} : { tab: next } })
        }
        items={TABS.map((key) => ({ key, label: texts.organisation.tabs[key] }))}
      />
      {panels[active]}
    </>
  );
}
