/** How figures, sums and times are written, in French and in English. */

export type Language = "fr" | "en";

const NARROW = "\u202f";
const HARD = "\u00a0";

/** French spacing: narrow no-break spaces before ; ! ? % € and inside « », a no-break space before the colon. */
export function frenchSpacing(text: string): string {
  return text
    .replace(/[ \u00a0]+([;!?%€»])/g, `${NARROW}$1`)
    .replace(/[ \u00a0]+:/g, `${HARD}:`)
    .replace(/«[ \u00a0]+/g, `«${NARROW}`);
}

/** Seconds as a counter: 1:48 under an hour, 1 h 48 above. */
export function counter(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  if (hours) return `${hours}${HARD}h${HARD}${String(minutes).padStart(2, "0")}`;
  return `${minutes}:${String(whole % 60).padStart(2, "0")}`;
}

/** Seconds inside a sentence: 41 s, 3 min 12, 1 h 48. */
export function spoken(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole}${HARD}s`;
  if (whole >= 3600) return counter(whole);
  const rest = whole % 60;
  const minutes = `${Math.floor(whole / 60)}${HARD}min`;
  return rest ? `${minutes}${HARD}${String(rest).padStart(2, "0")}` : minutes;
}

export interface Format {
  /** Cents as a sum with two decimals and its currency. */
  money(cents: number, currency: string): string;
  /** A range of sums, the currency said once. */
  moneyRange(low: number, high: number, currency: string): string;
  /** Hours and minutes in the operator's zone. */
  time(iso: string | number): string;
  /** Hours, minutes and seconds in the operator's zone. */
  exactTime(iso: string | number): string;
  /** A day in full: Tuesday 24 November. */
  day(iso: string | number): string;
  /** A day in short, with the year when it is another one. */
  shortDay(iso: string | number, now: number): string;
  /** The time when it is today, else the short day. */
  moment(iso: string | number, now: number): string;
  /** A month and year. */
  month(iso: string | number): string;
  /** Whether two instants fall on one day in the operator's zone. */
  sameDay(one: string | number, other: string | number): boolean;
  /** A size of file. */
  bytes(size: number): string;
  number(value: number): string;
}

/** A day as the browser writes it, the first of a month as French does: « 1er novembre ». */
export function firstOfMonth(day: string, language: Language): string {
  return language === "fr" ? day.replace(/(^|\s)1(?=\s\p{L})/u, "$11er") : day;
}

/** How a person of this language in this zone reads figures. */
export function createFormat(language: Language, zone: string): Format {
  const locale = language === "fr" ? "fr-FR" : "en-GB";
  const narrow = (text: string): string => text.replaceAll(HARD, NARROW).replaceAll(" ", NARROW);
  const dates = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
  const time = dates({ hour: "numeric", minute: "2-digit" });
  const exact = dates({ hour: "numeric", minute: "2-digit", second: "2-digit" });
  const day = dates({ weekday: "long", day: "numeric", month: "long" });
  const short = dates({ day: "numeric", month: "short" });
  const shortYear = dates({ day: "numeric", month: "short", year: "numeric" });
  const month = dates({ month: "long", year: "numeric" });
  const date = new Intl.DateTimeFormat("en-CA", { timeZone: zone });
  const number = new Intl.NumberFormat(locale);
  const of = (iso: string | number): Date => new Date(iso);
  const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
  const currencyFormat = (currency: string): Intl.NumberFormat => new Intl.NumberFormat(locale, { style: "currency", currency });
  const clockText = (text: string): string => text.replace(/^0(\d)/, "$1").replace(/ h /g, ":");

  const self: Format = {
    money: (cents, currency) => narrow(currencyFormat(currency).format(cents / 100)),
    moneyRange: (low, high, currency) => {
      if (low === high) return self.money(low, currency);
      if (language === "en") return `${self.money(low, currency)} to ${self.money(high, currency)}`;
      const bare = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
      return `${narrow(bare.format(low / 100))} à ${self.money(high, currency)}`;
    },
    time: (iso) => clockText(time.format(of(iso))),
    exactTime: (iso) => clockText(exact.format(of(iso))),
    day: (iso) => capital(firstOfMonth(day.format(of(iso)), language)),
    shortDay: (iso, now) =>
      firstOfMonth((date.format(of(iso)).slice(0, 4) === date.format(now).slice(0, 4) ? short : shortYear).format(of(iso)), language),
    moment: (iso, now) => (self.sameDay(iso, now) ? self.time(iso) : self.shortDay(iso, now)),
    month: (iso) => month.format(of(iso)),
    sameDay: (one, other) => date.format(of(one)) === date.format(of(other)),
    bytes: (size) => {
      const units = language === "fr" ? ["o", "Ko", "Mo", "Go"] : ["B", "KB", "MB", "GB"];
      let value = size;
      let unit = 0;
      while (value >= 1000 && unit < units.length - 1) {
        value /= 1000;
        unit += 1;
      }
      const shown = value < 10 && unit > 1 ? Math.round(value * 10) / 10 : Math.round(value);
      return `${number.format(shown)}${HARD}${units[unit]}`;
    },
    number: (value) => number.format(value),
  };
  return self;
}
