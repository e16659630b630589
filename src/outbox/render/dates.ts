// Says instants as people do, in the school's zone and the reader's language.
// Intl, not date-fns-tz: the latter goes through the machine's own local time, and is an hour wrong for
// wall times that do not exist in the machine's zone.
import type { Instant } from "../../core/types.ts";

/** One moment in words: "Monday 2 November", "Mon 2 Nov", "8:30am". */
export interface Moment {
  readonly day: string;
  readonly shortDay: string;
  readonly time: string;
}

/** An unknown language, or an unreadable tag, is said in British English. */
const localeOf = (language: string): string => {
  try {
    const [known] = Intl.DateTimeFormat.supportedLocalesOf(language);
    return known === undefined || known === "en" ? "en-GB" : known;
  } catch {
    return "en-GB";
  }
};

const isEnglish = (locale: string): boolean => /^en\b/.test(locale);

/** "8am", "8:30am", "midday", "midnight": 12am and 12pm are read both ways. */
function englishTime(hour: number, minute: number): string {
  if (minute === 0 && hour === 0) return "midnight";
  if (minute === 0 && hour === 12) return "midday";
  const minutes = minute === 0 ? "" : `:${String(minute).padStart(2, "0")}`;
  return `${hour % 12 || 12}${minutes}${hour < 12 ? "am" : "pm"}`;
}

function timeOf(date: Date, zone: string, locale: string): string {
  const options = { timeZone: zone, hour: "numeric", minute: "2-digit", hourCycle: "h23" } as const;
  if (!isEnglish(locale)) return new Intl.DateTimeFormat(locale, options).format(date);
  const parts = new Intl.DateTimeFormat("en-GB", options).formatToParts(date);
  const number = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return englishTime(number("hour"), number("minute"));
}

/** @param zone IANA zone, such as "Europe/London". @param language BCP 47 tag. */
export function inWords(at: Instant, zone: string, language: string): Moment {
  const date = new Date(at);
  const locale = localeOf(language);
  const day = (style: "long" | "short"): string =>
    new Intl.DateTimeFormat(locale, {
      timeZone: zone,
      weekday: style,
      day: "numeric",
      month: style,
    }).format(date);
  return { day: day("long"), shortDay: day("short"), time: timeOf(date, zone, locale) };
}

/** "Friday 30 October 2026 at 9:04pm", for staff. */
export function inFull(at: Instant, zone: string): string {
  const date = new Date(at);
  const year = new Intl.DateTimeFormat("en-GB", { timeZone: zone, year: "numeric" }).format(date);
  return `${inWords(at, zone, "en").day} ${year} at ${timeOf(date, zone, "en-GB")}`;
}

const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ks", "ku", "ps", "sd", "ug", "ur", "yi"]);
export const directionOf = (language: string): "ltr" | "rtl" =>
  RIGHT_TO_LEFT.has(language.split("-")[0]?.toLowerCase() ?? "") ? "rtl" : "ltr";
