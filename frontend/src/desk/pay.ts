/** What an act pays, as said to the agent: the sum, then its parts with the version of the rate card. */
import type { Format } from "../shared/format";
import type { Translator } from "../shared/i18n";
import type { Pay, Work } from "./types";
import type { DeskKey } from "./words/fr";

/** The sum of an act, or its range when it depends on the outcome; null when no card is published. */
export function payRange(pay: Pay | null, format: Format): string | null {
  return pay ? format.moneyRange(pay.min_cents, pay.max_cents, pay.currency) : null;
}

/** The parts of a sum, or the usual one when it depends on the outcome, and the card's version. */
export function payParts(pay: Pay | null, say: Translator<DeskKey>, format: Format): string {
  if (!pay) return "";
  return `${made(pay, say, format)} (${say("offer.version", { n: pay.version })})`;
}

function made({ min_cents: least, max_cents: most, currency, parts }: Pay, say: Translator<DeskKey>, format: Format): string {
  if (least === most) return parts.map(({ cents, label }) => `${format.money(cents, currency)} ${label}`).join(", ");
  if (parts.length === 0) return say("offer.byOutcome");
  const usual = parts.reduce((sum, { cents }) => sum + cents, 0);
  return say("offer.byOutcomeUsual", { usual: format.money(usual, currency) });
}

/** What closing with a disposition pays: its own rate, else its parent's, else the queue's; null when none is published. */
export function closingPay(work: Work, detail: number | null, reason: number | null): number | null {
  for (const id of [detail, reason]) {
    const cents = id === null ? undefined : work.pay[String(id)];
    if (cents !== undefined) return cents;
  }
  return work.pay[""] ?? null;
}
