import { language, messages } from "./language";

/** The largest number that a badge shows. */
export const BADGE_MOST = 999;

/** A number as a badge shows it: what is read out must be what stands there. */
export function badgeText(count: number): string {
  return count > BADGE_MOST ? `${BADGE_MOST}+` : String(count);
}

/** Whole days from `today` to `day`, both `YYYY-MM-DD`; negative when `day` has passed. */
export function daysBetween(today: string, day: string): number {
  return Math.round((Date.parse(`${day}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / 86_400_000);
}

/** How near a day is, in words. */
export function dueText(day: string, today: string): string {
  const texts = messages().due;
  const days = daysBetween(today, day);
  if (days < 0) {
    return texts.overdue(-days);
  }
  return days === 0 ? texts.today : texts.left(days);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, options: Intl.DateTimeFormatOptions, name: string): Intl.DateTimeFormat {
  const key = `${name} ${zone} ${language()}`;
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat("sv-SE", { ...options, timeZone: zone });
    formats.set(key, found);
  }
  return found;
}

/** An instant as `YYYY-MM-DD HH:MM` in the deployment's zone. */
export function instantText(instant: string, zone: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) {
    return instant;
  }
  return format(
    zone,
    { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" },
    "instant",
  ).format(date);
}

/** An instant as `HH:MM` in the deployment's zone. */
export function timeText(instant: string, zone: string): string {
  return format(zone, { hour: "2-digit", minute: "2-digit" }, "time").format(new Date(instant));
}

/** A day with its weekday, `2026-11-25 周三`. */
export function dayText(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) {
    return day;
  }
  const locale = language() === "zh" ? "zh-CN" : "en-GB";
  const weekday = new Intl.DateTimeFormat(locale, { weekday: "short", timeZone: "UTC" }).format(date);
  return `${day} ${weekday}`;
}

/** Names joined as the language joins them. */
export function joined(names: readonly string[]): string {
  return names.join(messages().listComma);
}
