/** Why an offer came to this agent, in words, from the data that decided. */
import type { Piece, Translator } from "../shared/i18n";
import { spoken, type Format } from "../shared/format";
import type { Offer } from "./types";
import type { DeskKey } from "./words/fr";

const JUST_NOW_S = 3;
/** The rule that weighs what an agent's time is worth to each queue; any other one ranks by waiting alone. */
const LEAST_COST = "least_cost";

/** Sentences in the order one wants to know: the skill, who waited, how long the customer has. */
export function whyMe(offer: Offer, skills: Record<string, string>, translate: Translator<DeskKey>, format: Format): Piece[] {
  const { rule, winner, side, free, waiting, due_at: dueAt } = offer.reasons;
  const weighs = rule === LEAST_COST;
  const waited = Math.max(1, (Date.parse(offer.offered_at) - winner.idle_since) / 1000);
  const patience = (Date.parse(offer.offered_at) - Date.parse(offer.arrived_at)) / 1000;
  const sentences: Piece[][] = [];
  for (const [skill, held, asked] of winner.levels) {
    sentences.push(translate.rich("why.skill", { skill: skills[skill] ?? `#${skill}`, held, asked }));
  }
  if (winner.preferred) sentences.push(translate.rich("why.preferred"));
  else if (side === "contact_waited" && weighs && waiting > 1) sentences.push(translate.rich("why.costliest", { n: waiting }));
  else if (side === "contact_waited") sentences.push(translate.rich("why.contactWaited", { n: waiting, due: format.time(dueAt) }));
  else if (free > 1 && weighs) sentences.push(translate.rich("why.leastNeeded", { time: spoken(waited), n: free }));
  else if (free > 1) sentences.push(translate.rich("why.longest", { time: spoken(waited), n: free }));
  else sentences.push(translate.rich("why.only", { time: spoken(waited) }));
  sentences.push(patience < JUST_NOW_S ? translate.rich("why.customerNow") : translate.rich("why.customer", { time: spoken(patience) }));
  return sentences.flatMap((sentence, index) => (index ? [{ text: " ", strong: false }, ...sentence] : sentence));
}
