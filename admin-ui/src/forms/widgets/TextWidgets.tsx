import { Input, Select } from "antd";
import { useMessages } from "../../i18n/language";
import { described, fieldOf, type Props, texts } from "./props";

/** One line. Too long a text is told, never cut. */
export function TextWidget(props: Props) {
  return (
    <Input
      {...described(props)}
      value={typeof props.value === "string" ? props.value : ""}
      autoComplete="off"
      onChange={(event) => props.onChange(event.target.value === "" ? undefined : event.target.value)}
    />
  );
}

/** Several lines; grows with its text. */
export function MultilineWidget(props: Props) {
  return (
    <Input.TextArea
      {...described(props)}
      value={typeof props.value === "string" ? props.value : ""}
      autoSize={{ minRows: 3, maxRows: 16 }}
      onChange={(event) => props.onChange(event.target.value === "" ? undefined : event.target.value)}
    />
  );
}

/** Digits, point and minus of an input method's full width. */
function narrow(text: string): string {
  return text.replace(/[０-９．－]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
}

/** A number as it is typed; what is not one is kept and told. */
export function NumberWidget(props: Props) {
  return (
    <Input
      {...described(props)}
      inputMode="decimal"
      autoComplete="off"
      className="number-input"
      value={props.value === undefined || props.value === null ? "" : String(props.value)}
      onChange={(event) => {
        const typed = narrow(event.target.value);
        props.onChange(typed === "" ? undefined : typed);
      }}
    />
  );
}

/** Several texts, each ended by Enter. */
export function TextsWidget(props: Props) {
  const messages = useMessages();
  return (
    <Select
      {...described(props)}
      mode="tags"
      open={false}
      suffixIcon={null}
      className="full"
      aria-label={fieldOf(props).title}
      placeholder={messages.form.addText}
      value={texts(props.value)}
      onChange={(value: string[]) => props.onChange(value)}
    />
  );
}
