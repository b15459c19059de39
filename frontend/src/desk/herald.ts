/** What the desk says beyond its page: two notes for an offer, a tick for a message elsewhere, a system notice if hidden. */
import { notify } from "../shared/notices";
import { playMessage, playOffer } from "../shared/sound";
import type { Translator } from "../shared/i18n";
import type { DeskHerald } from "./desk.svelte";
import type { DeskKey } from "./words/fr";

export function createHerald(say: Translator<DeskKey>): DeskHerald {
  const shown = new Map<string, () => void>();
  return {
    offerCame(offer, state) {
      playOffer();
      const queue = state.queues[offer.queue];
      const brand = state.brands[queue?.brand ?? 0];
      const values = { channel: say(`channel.${queue?.channel ?? "chat"}`), brand: brand?.name ?? "", queue: queue?.name ?? "" };
      shown.set(offer.id, notify(say("offer.noticeTitle", values), say("offer.noticeBody", values), `offer-${offer.id}`));
    },
    offerWent(offer) {
      shown.get(offer.id)?.();
      shown.delete(offer.id);
    },
    contestAnswered: (contest) => say(contest.outcome === "accepted" ? "why.answeredYes" : "why.answeredNo", { answer: contest.answer }),
    messageCame(_work, _message, isOpen) {
      if (!isOpen || document.hidden) playMessage();
    },
  };
}
