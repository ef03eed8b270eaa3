import { SearchOutlined } from "@ant-design/icons";
import { Input } from "antd";
import { useEffect, useRef, useState } from "react";
import { useMessages } from "../i18n/language";

const PAUSE_MS = 400;

/** Searches while typing pauses, and at once on Enter; letters still being composed in an input method do not count. */
export function SearchBox({ value, onSearch }: { value: string; onSearch: (q: string) => void }) {
  const texts = useMessages();
  const [typed, setTyped] = useState(value);
  const composing = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const search = useRef(onSearch);
  search.current = onSearch;

  useEffect(() => setTyped(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const later = (text: string, wait: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => search.current(text.trim()), wait);
  };
  return (
    <Input
      className="search"
      prefix={<SearchOutlined aria-hidden />}
      allowClear
      value={typed}
      maxLength={200}
      placeholder={texts.list.search}
      aria-label={texts.list.search}
      onChange={(event) => {
        setTyped(event.target.value);
        if (!composing.current) {
          later(event.target.value, event.target.value === "" ? 0 : PAUSE_MS);
        }
      }}
      onCompositionStart={() => {
        composing.current = true;
      }}
      onCompositionEnd={(event) => {
        composing.current = false;
        later(event.currentTarget.value, PAUSE_MS);
      }}
      onPressEnter={(event) => {
        if (!event.nativeEvent.isComposing) {
          later(event.currentTarget.value, 0);
        }
      }}
    />
  );
}
