/** How the brand is named and when it is open, in words. */
import { firstOfMonth, type Format } from "../shared/format";
import type { Visit } from "./api";
import type { Translate } from "./words";

/** Two letters for a disc: of the first two words, or of the only one. */
export function initials(name: string): string {
  const words = name.split(/[\s’'-]+/).filter(Boolean);
  const letters = words.length > 1 ? words.slice(0, 2).map((word) => [...word][0]) : [...(words[0] ?? "")].slice(0, 2);
  return letters.join("").toUpperCase();
}

const DAY_MS = 24 * 3600 * 1000;

export function openingInWords(visit: Visit, isOpen: boolean, words: Translate, format: Format): string {
  const { until, opens_at: opensAt, holiday } = visit.opening;
  const zone = zoneMark(visit.brand.time_zone, Date.now());
  if (isOpen) return until ? words("openUntil", { time: shortTime(until, visit, words) + zone }) : words("open");
  if (!opensAt) return words("closed");
  const when = whenInWords(opensAt, visit, words, format) + zone;
  return holiday ? words("holiday", { holiday, when }) : words("opensAt", { when });
}

function whenInWords(iso: string, visit: Visit, words: Translate, format: Format): string {
  const at = new Date(iso).getTime();
  const now = new Date(visit.now).getTime();
  const values = { time: shortTime(iso, visit, words) };
  if (format.sameDay(at, now)) return words("today", values);
  if (format.sameDay(at, now + DAY_MS)) return words("tomorrow", values);
  const locale = words.language === "fr" ? "fr-FR" : "en-GB";
  const near = at - now < 6 * DAY_MS;
  const day = new Intl.DateTimeFormat(locale, {
    timeZone: visit.brand.time_zone,
    weekday: "long",
    ...(near ? {} : { day: "numeric", month: "long" }),
  }).format(at);
  return words("onDay", { ...values, day: firstOfMonth(day, words.language) });
}

/** Hours and minutes where the brand is. */
function shortTime(iso: string, visit: Visit, words: Translate): string {
  const locale = words.language === "fr" ? "fr-FR" : "en-GB";
  const parts = new Intl.DateTimeFormat(locale, { timeZone: visit.brand.time_zone, hour: "numeric", minute: "2-digit", hour12: false });
  return parts.format(new Date(iso)).replace(/^0(\d)/, "$1");
}

/** The city of the brand's clock, said only where the visitor's own clock shows another time. */
function zoneMark(zone: string, at: number): string {
  const shown = (timeZone?: string): string =>
    new Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "short", timeStyle: "short" }).format(at);
  return shown(zone) === shown() ? "" : ` (${zone.split("/").pop()?.replaceAll("_", " ")})`;
}
