// The Date field (RFC 5322 s3.3), read the same under every time zone of the machine.
import type { Instant } from "../../core/types.ts";

/** What mail programs of other languages put in their place stands behind the English name. */
const MONTHS = [
  "jan ene gen sty",
  "feb fév fev lut",
  "mar mär mrz maa",
  "apr avr abr kwi",
  "may mai mag mei maj",
  "jun jui giu cze",
  "jul lug lip",
  "aug aoû aou ago sie",
  "sep set wrz",
  "oct okt ott out paź paz",
  "nov lis",
  "dec dez déc dic gru",
].map((names) => names.split(" "));
/** RFC 5322 s4.3, and names that European servers write; hours east of Greenwich. */
const ZONES: Readonly<Record<string, number>> = {
  ut: 0,
  utc: 0,
  gmt: 0,
  z: 0,
  wet: 0,
  bst: 1,
  ist: 1,
  west: 1,
  cet: 1,
  met: 1,
  mez: 1,
  cest: 2,
  mest: 2,
  mesz: 2,
  eet: 2,
  eest: 3,
  msk: 3,
  jst: 9,
  est: -5,
  edt: -4,
  cst: -6,
  cdt: -5,
  mst: -7,
  mdt: -6,
  pst: -8,
  pdt: -7,
};

const PATTERN =
  /(\d{1,2})\.?[ -]+(\p{L}{3})\p{L}*\.?[ -]+(\d{2,4})[ ,]+(?:(?:at|um|à) )?(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:[.,]\d+)? *(am|pm)? *"?(?:(?:utc|gmt)? ?([+-]) ?(\d{1,2})(?::?(\d{2}))?(?!\d)|([a-z]{1,5}))?/iu;
/** "Mon Nov 23 08:00:00 GMT 2026": what C's ctime writes. */
const CTIME = /([a-z]{3}) +(\d{1,2}) +(\d{1,2}):(\d{2}):(\d{2}) +(?:([a-z]{1,5}) +)?(\d{4})/i;
/** "Nov 23, 2026 8:05 PM": Java's, and some web mail's. */
const AMERICAN =
  /([a-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4}),? (?:at )?(\d{1,2}):(\d{2})(?::(\d{2}))? *(am|pm)? *([a-z]{1,5})?/i;
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d+)? *(?:([+-])(\d{2}):?(\d{2})|z|utc|gmt)?$/i;

/** null when absent or not a date. Without a zone it counts as UTC. */
export function readDate(value: string | null): Instant | null {
  if (value === null) return null;
  const text = value
    .slice(0, 200)
    .replace(/\([^()]*\)/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  const mail = PATTERN.exec(text);
  if (mail) {
    const [, day, month, year, hour, minute, second, half, sign, zoneHour, zoneMinute, name] = mail;
    const offset = sign ? signed(sign, zoneHour, zoneMinute) : zoneMinutes(name);
    return instant([fullYear(year), monthOf(month), day, clock(hour, half), minute, second], offset);
  }
  const ctime = CTIME.exec(text);
  if (ctime) {
    const [, month, day, hour, minute, second, name, year] = ctime;
    return instant([year, monthOf(month), day, hour, minute, second], zoneMinutes(name));
  }
  const american = AMERICAN.exec(text);
  if (american) {
    const [, month, day, year, hour, minute, second, half, name] = american;
    return instant([year, monthOf(month), day, clock(hour, half), minute, second], zoneMinutes(name));
  }
  const iso = ISO.exec(text);
  if (!iso) return null;
  const [, year, month, day, hour, minute, second, sign, zoneHour, zoneMinute] = iso;
  return instant([year, month, day, hour, minute, second], sign ? signed(sign, zoneHour, zoneMinute) : 0);
}

const monthOf = (name = ""): string =>
  String(MONTHS.findIndex((names) => names.includes(name.toLowerCase())) + 1);
const zoneMinutes = (name = ""): number => (ZONES[name.toLowerCase()] ?? 0) * 60;
const signed = (sign: string, hours = "0", minutes = "0"): number =>
  (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
// RFC 5322 s4.3: two digits are 1950-2049, three count from 1900.
const fullYear = (year = ""): string =>
  year.length === 4 ? year : String(Number(year) + (year.length === 2 && Number(year) < 50 ? 2000 : 1900));
const clock = (hour = "", half?: string): string =>
  half ? String((Number(hour) % 12) + (half.toLowerCase() === "pm" ? 12 : 0)) : hour;

function instant(parts: readonly (string | undefined)[], offsetMinutes: number): Instant | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map((part) =>
    Number(part ?? 0),
  );
  const right =
    month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 24 && minute <= 59 && second <= 60;
  const daysInMonth = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (!right || day > daysInMonth || year < 1970 || year > 9998 || Math.abs(offsetMinutes) > 24 * 60)
    return null;
  return new Date(Date.UTC(year, month - 1, day, hour, minute - offsetMinutes, second)).toISOString();
}
