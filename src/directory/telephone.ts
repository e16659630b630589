// Telephone numbers as people write them, and as E.164, which is how they are compared.
import { type CountryCode, parsePhoneNumberFromString } from "libphonenumber-js/max";

/** Every nation that the product knows dials as +44. */
const HOME: CountryCode = "GB";
/** Ofcom's numbering plan: national numbers have 9 or 10 digits without the leading 0. */
const BRITISH = /^\+44[1-9]\d{8,9}$/;
/** Mobiles; 070 (personal numbers) and 076 (pagers) are not. */
const BRITISH_MOBILE = /^\+447[1-57-9]\d{8}$/;

const parse = (text: string) => {
  const number = parsePhoneNumberFromString(text.replace(/^00(?=[1-9])/, "+"), HOME);
  if (number === undefined || !number.isPossible()) return null;
  return number.countryCallingCode === "44" && !BRITISH.test(number.number) ? null : number;
};

/** "07700 900123" as "+447700900123"; null for what is no full number (short codes, names, too few digits). */
export const toE164 = (text: string): string | null => parse(text.trim())?.number ?? null;

/** Whether an E.164 number is, or may be, a mobile: numbers set aside for drama count as what they look like. */
export const isMobile = (number: string): boolean => {
  if (BRITISH_MOBILE.test(number)) return true;
  const kind = parse(number)?.getType();
  return kind === "MOBILE" || kind === "FIXED_LINE_OR_MOBILE";
};
