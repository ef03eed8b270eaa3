import { useMessages } from "../i18n/language";

/** Lengths of the outlined bars, in per cent. */
const LENGTHS = [92, 74, 60, 48, 36];

/** The place of a chart that is still being loaded, as high as the chart will be. */
export function ChartOutline({ height }: { height: number }) {
  const texts = useMessages();
  return (
    <div className="chart chart-outline" style={{ height }} role="status" aria-label={texts.app.loading}>
      {LENGTHS.map((length) => (
        <span key={length} style={{ width: `${length}%` }} />
      ))}
    </div>
  );
}
