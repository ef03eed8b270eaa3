import type { ReactNode } from "react";
import type { Light, LightView } from "../api/types";
import { useMessages } from "../i18n/language";
import { LIGHT_COLOURS } from "./lightColours";

/** The shape of each colour, so that colour is never the only sign. 14 × 14, drawn in white on the filled outline. */
const SHAPES: Record<Light, ReactNode> = {
  green: (
    <>
      <circle cx="7" cy="7" r="6" />
      <path d="m4.2 7.2 2 2 3.6-4" className="light-mark" />
    </>
  ),
  yellow: (
    <>
      <path d="M7 1 13.2 12.5H.8z" />
      <path d="M7 5v3.4M7 10.3v.4" className="light-mark" />
    </>
  ),
  red: (
    <>
      <path d="M4.4.8h5.2l3.6 3.6v5.2l-3.6 3.6H4.4L.8 9.6V4.4z" />
      <path d="M7 3.6v4M7 9.9v.5" className="light-mark" />
    </>
  ),
  blue: (
    <>
      <rect x="1" y="1" width="12" height="12" rx="2.5" />
      <path d="m4 7.2 2.1 2.1L10 4.9" className="light-mark" />
    </>
  ),
  grey: (
    <>
      <circle cx="7" cy="7" r="6" />
      <path d="M5.3 4.6v4.8M8.7 4.6v4.8" className="light-mark" />
    </>
  ),
};

/** The shape alone; the word stands beside it wherever it is used. */
export function LightShape({ colour }: { colour: Light }) {
  return (
    <svg className="light-shape" viewBox="0 0 14 14" fill={LIGHT_COLOURS[colour].fill} aria-hidden="true">
      {SHAPES[colour]}
    </svg>
  );
}

/** A light: colour, shape and word. */
export function LightTag({ light }: { light: LightView | null | undefined }) {
  const texts = useMessages();
  if (!light) {
    return <span className="muted">{texts.light.none}</span>;
  }
  const { text, back } = LIGHT_COLOURS[light.colour];
  return (
    <span className="light" style={{ color: text, background: back }}>
      <LightShape colour={light.colour} />
      {light.title}
    </span>
  );
}
