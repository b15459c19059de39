/** What an act pays, as said to the agent: the sum, then its parts with the version of the rate card. */
import type { Format } from "../shared/format";
import type { Translator } from "../shared/i18n";
import type { Pay, Work } from "./types";
import type { DeskKey } from "./words/fr";

/** The sum of an act, or its range when it depends on the outcome; null when no card is published. */
export function payRange(pay: Pay | null, format: Format): string | null {
  return pay ? format.moneyRange(pay.min_cents, pay.max_cents, pay.currency) : null;
}

/** The parts that always count, the mention that the rest depends on the outcome, and the card's version. */
export function payParts(pay: Pay | null, say: Translator<DeskKey>, format: Format): string {
  if (!pay) return "";
  const always = pay.lines.filter((line) => line.disposition === null);
  const parts = always.map((line) => `${format.money(line.cents, pay.currency)} ${line.label}`);
  if (pay.min_cents !== pay.max_cents) parts.push(say("offer.perAct"));
  return `${parts.join(", ")} (${say("offer.version", { n: pay.version })})`;
}

/** What closing with a disposition pays: its own rate, else its parent's, else the queue's; null when none is published. */
export function closingPay(work: Work, detail: number | null, reason: number | null): number | null {
  for (const id of [detail, reason]) {
    const cents = id === null ? undefined : work.pay[String(id)];
    if (cents !== undefined) return cents;
  }
  return work.pay[""] ?? null;
}
