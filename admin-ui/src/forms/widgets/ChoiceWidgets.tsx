import { DatePicker, Radio, Select } from "antd";
import dayjs from "dayjs";
import { useMessages } from "../../i18n/language";
import { described, fieldOf, type Props, texts } from "./props";

const FORMAT = "YYYY-MM-DD";

/** From this many options on, typing narrows them. */
const MANY = 8;

function search(count: number) {
  return count > MANY ? { optionFilterProp: "label" } : false;
}

/** One of the options. */
export function ChoiceWidget(props: Props) {
  const messages = useMessages();
  const options = (fieldOf(props).options ?? []).map(({ value, title }) => ({ value, label: title }));
  return (
    <Select
      {...described(props)}
      className="full"
      aria-label={fieldOf(props).title}
      allowClear={!fieldOf(props).required}
      showSearch={search(options.length)}
      placeholder={messages.form.pick}
      value={props.value ?? undefined}
      options={options}
      onChange={(value) => props.onChange(value)}
    />
  );
}

/** Several of the options. */
export function ChoicesWidget(props: Props) {
  const messages = useMessages();
  const options = (fieldOf(props).options ?? []).map(({ value, title }) => ({ value, label: title }));
  return (
    <Select
      {...described(props)}
      mode="multiple"
      className="full"
      aria-label={fieldOf(props).title}
      allowClear
      showSearch={{ optionFilterProp: "label" }}
      placeholder={messages.form.pick}
      value={texts(props.value)}
      options={options}
      onChange={(value: string[]) => props.onChange(value)}
    />
  );
}

/** Yes, no, or not said. */
export function BoolWidget(props: Props) {
  const messages = useMessages();
  const { id, disabled, onBlur, "aria-describedby": describedBy } = described(props);
  return (
    <fieldset id={id} aria-label={fieldOf(props).title} aria-describedby={describedBy} onBlur={onBlur}>
      <Radio.Group
        disabled={disabled}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
        options={[
          { value: true, label: messages.form.yes },
          { value: false, label: messages.form.no },
        ]}
      />
    </fieldset>
  );
}

/** A plain date: no time of day, no zone. */
export function DateWidget(props: Props) {
  const messages = useMessages();
  const day = typeof props.value === "string" ? dayjs(props.value, FORMAT) : null;
  return (
    <DatePicker
      {...described(props)}
      className="date-input"
      format={FORMAT}
      placeholder={messages.form.date}
      value={day?.isValid() ? day : null}
      onChange={(next) => props.onChange(next ? next.format(FORMAT) : undefined)}
    />
  );
}
