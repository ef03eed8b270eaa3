import type { Ref } from "../api/types";
import { useMessages } from "../i18n/language";

/** Names who did something; both people where one acted in the other one's name; the platform where nobody did. */
export function useDoer(): (by: Ref | undefined, through: Ref | undefined) => string {
  const texts = useMessages();
  return (by, through) => {
    if (!by) {
      return texts.task.system;
    }
    return through ? texts.app.inName(by.name, through.name) : by.name;
  };
}
