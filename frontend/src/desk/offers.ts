/** How long an offer stands, and how much of that is left. */
import type { Offer } from "./types";

/** Seconds an offer gives, from its making to its end. */
export function wholeSeconds(offer: Offer): number {
  return Math.round((Date.parse(offer.expires_at) - Date.parse(offer.offered_at)) / 1000);
}

/** Whole seconds left at `now` (milliseconds), never more than there were. */
export function secondsLeft(offer: Offer, now: number): number {
  return Math.min(wholeSeconds(offer), Math.max(0, Math.ceil((Date.parse(offer.expires_at) - now) / 1000)));
}
