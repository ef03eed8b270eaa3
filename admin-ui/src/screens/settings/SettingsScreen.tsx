import { useMe } from "../../api/queries/session";
import { useMessages } from "../../i18n/language";
import { PageHeader } from "../../ui/PageHeader";
import { ActingPanel } from "./ActingPanel";
import { InMyNamePanel } from "./InMyNamePanel";
import { StandInsPanel } from "./StandInsPanel";

/** What a person sets for himself: in whose name he acts, who acts in his, who stands in for him. */
export function SettingsScreen() {
  const texts = useMessages();
  const me = useMe();
  return (
    <>
      <PageHeader title={texts.settings.title} windowTitle={texts.settings.title} />
      <ActingPanel me={me} />
      {me.through ? null : (
        <>
          <StandInsPanel whose="me" />
          <InMyNamePanel />
        </>
      )}
    </>
  );
}
