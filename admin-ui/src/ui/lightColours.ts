import type { Light } from "../api/types";

/** Fill for shapes and bars; text and background for the word, at least 4.5 : 1. */
export const LIGHT_COLOURS: Record<Light, { fill: string; text: string; back: string }> = {
  green: { fill: "#389e0d", text: "#1f5c07", back: "#eef9e8" },
  yellow: { fill: "#d48806", text: "#774900", back: "#fff6dc" },
  red: { fill: "#cf1322", text: "#a8071a", back: "#fff0ef" },
  blue: { fill: "#1677ff", text: "#0a44a5", back: "#e8f2ff" },
  grey: { fill: "#7a828e", text: "#434a54", back: "#eff1f4" },
};
