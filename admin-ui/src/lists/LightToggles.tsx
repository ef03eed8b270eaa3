import type { LightView } from "../api/types";
import { useMessages } from "../i18n/language";
import { LightShape } from "../ui/LightTag";

/** The lights as switches: the quickest way to what is overdue. */
export function LightToggles({
  lights,
  value,
  onChange,
}: {
  lights: readonly LightView[];
  value: readonly string[];
  onChange: (value: string[]) => void;
}) {
  const texts = useMessages();
  return (
    <fieldset className="light-toggles" aria-label={texts.light.label}>
      {lights.map(({ colour, title }) => {
        const on = value.includes(colour);
        return (
          <button
            key={colour}
            type="button"
            className={on ? "light-toggle light-on" : "light-toggle"}
            aria-pressed={on}
            onClick={() => onChange(on ? value.filter((one) => one !== colour) : [...value, colour])}
          >
            <LightShape colour={colour} />
            {title}
          </button>
        );
      })}
    </fieldset>
  );
}
