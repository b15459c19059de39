/** A small desk for tests: one brand, one chat queue, one contact in hand. */
import type { Message, Offer, Snapshot, Work } from "./types";

export const NOON = "2026-11-24T12:00:00+00:00";

export function message(changes: Partial<Message> = {}): Message {
  return {
    id: 1, conversation: 5, contact: 9, kind: "inbound", audience: "", author: { name: "Claire Vasseur", user: null }, address: "", reply_to: "", body: "Bonjour",
    html: "", quoted: "", delivery: "none", delivery_error: "", at: NOON, attachments: [], client_id: "a", ...changes,
  };
}

export function work(changes: Partial<Work> = {}): Work {
  return {
    assignment: { id: 3, state: "active", opened_at: NOON, closed_at: null, wrap_up_until: null, why: "" },
    contact: {
      id: 9, reference: "C-9", state: "active", queue: 2, brand: 1, channel: "chat", direction: "inbound", priority: 0, arrived_at: NOON, due_at: NOON, answered_at: null,
    },
    conversation: {
      id: 5, subject: "", channel: "chat", unverified_email: "", created_at: NOON, last_message_at: NOON, unread: 1, agent_read_at: null, customer_read_at: null,
    },
    customer: { id: 4, name: "Claire Vasseur", email: "", phone: "", phone_shown: "", language: "fr", simulated: false, since: NOON },
    callback: null,
    messages: [message()],
    history: [],
    pay: { "": 190 },
    ...changes,
  };
}

export function offer(changes: Partial<Offer["reasons"]> = {}): Offer {
  return {
    id: "1-8-0", contact: 9, queue: 2, offered_at: NOON, expires_at: "2026-11-24T12:00:20+00:00", arrived_at: "2026-11-24T11:59:19+00:00", called_back: false,
    reasons: {
      rule: "longest_idle", rule_version: 1, side: "agent_waited", queue: 2, queue_version: 1, stage: 0, due_at: Date.parse(NOON), waited_ms: 41_000,
      priority: 0, head_start_ms: 0, runner_up: null, free: 3, busy: 1, away: 0, waiting: 1,
      winner: { agent: 7, idle_since: Date.parse(NOON) - 192_000, load: 0, free_places: 3, levels: [[12, 4, 3]], preferred: false },
      ...changes,
    },
  };
}

export function snapshot(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    position: "0.7", grant: "g", now: NOON,
    agent: { id: 7, name: "Inês Carvalho", first_name: "Inês", status: "employee", places: { chat: 3 }, simulated: false },
    operator: { id: 1, name: "Réseau Ouest", time_zone: "Europe/Paris", currency: "EUR", language: "fr" },
    presence: { state: "ready", reason: "", since: NOON, line_lost_at: null, lease_seconds: 90 },
    brands: {}, queues: {}, skills: { 12: "Portugais" }, offers: [], work: [work()],
    today: { acts: 0, cents: 0, currency: "EUR", contacts: 0 },
    ...changes,
  };
}
