import { FONT } from "../theme";

let context: CanvasRenderingContext2D | null | undefined;

/** How wide a text is in the page's font, in pixels; where nothing can be measured, at most. */
export function textWidth(text: string, size: number, weight: 400 | 600 = 400): number {
  context ??= document.createElement("canvas").getContext("2d");
  if (!context) {
    return text.length * size;
  }
  context.font = `${weight} ${size}px ${FONT}`;
  return context.measureText(text).width;
}
