/** Small floors for tests. */
import { fromSnapshot, type FloorState } from "./state";
import type { Agent, Assignment, Contact, Offer, Queue, Snapshot } from "./types";

export const NOON = Date.parse("2026-11-24T11:00:00Z");
export const ago = (seconds: number): string => new Date(NOON - seconds * 1000).toISOString();

export function queue(more: Partial<Queue> = {}): Queue {
  return { id: 1, name: "Service client", brand: 1, brand_name: "Maison Lavande", channel: "chat", target_seconds: 60, target_percent: 80, priority: 0, unmet: [], ...more };
}
export function agent(more: Partial<Agent> = {}): Agent {
  const places = { voice: 1, chat: 3, email: 5, social: 3, task: 1 };
  return { id: 1, name: "Inês Carvalho", simulated: false, places, queues: [1], state: "ready", reason: "", since: ago(600), line_lost_at: null, finished_at: null, line: null, ...more };
}
export function contact(more: Partial<Contact> = {}): Contact {
  return {
    id: 1, reference: `C-${more.id ?? 1}`, queue: 1, channel: "chat", direction: "inbound", state: "waiting", outcome: "", priority: 0, arrived_at: ago(30), due_at: ago(-30),
    answered_at: null, answered_in_target: null, closed_at: null, agent: null, offer: null, ...more,
  };
}
export function work(more: Partial<Assignment> = {}): Assignment {
  return { id: 1, contact: 1, agent: 1, queue: 1, state: "active", why: "", opened_at: ago(20), closed_at: null, wrap_up_until: null, ended_at: null, ...more };
}
export function offer(more: Partial<Offer> = {}): Offer {
  return { id: "1-1-1", contact: 1, agent: 1, queue: 1, state: "open", why: "", offered_at: ago(5), expires_at: ago(-15), ...more };
}
export function floor(more: Partial<Snapshot> = {}): FloorState {
  return fromSnapshot({
    position: "0.1", grant: "", now: new Date(NOON).toISOString(), day: { begins: "2026-11-23T23:00:00Z", ends: "2026-11-24T23:00:00Z" },
    floor: { id: 1, name: "Plateau" }, operator: { id: 1, time_zone: "Europe/Paris", currency: "EUR" }, me: null, simulation: null,
    queues: [queue()], agents: [agent()], contacts: [], assignments: [], offers: [], callbacks: [], calls: [], waits: {}, tally: { queues: {}, quarters: {} },
    concerns: { gaps: [], contests: [], choices: [], set_aside: 0, undelivered: 0 }, events: [], ...more,
  });
}
