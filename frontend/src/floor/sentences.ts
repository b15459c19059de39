/** What happened on the floor, in one sentence an event; null for what is not worth a line. Pure. */
import { spoken } from "../shared/format";
import type { Piece, Translator } from "../shared/i18n";
import type { FloorState } from "./state";
import type { Agent, Assignment, Contact, Contest, ContestedChoice, Happening, Offer } from "./types";
import type { FloorKey } from "./words/fr";

export interface Sentence {
  key: string;
  at: string;
  icon: string;
  tone: "" | "coral" | "amber";
  pieces: Piece[];
}

type Say = Translator<FloorKey>;

const MOVED: Record<string, FloorKey> = {
  transferred: "event.transferred",
  handed_over: "event.handed_over",
  requeued: "event.requeued",
  reassigned: "event.reassigned",
  line_lost: "event.line_lost_back",
};

/** The latest sentences, newest first, at most `limit`. */
export function sentences(state: FloorState, say: Say, limit: number): Sentence[] {
  const found: Sentence[] = [];
  for (const event of state.events.toReversed()) {
    const told = tell(state, event, say);
    if (told) found.push({ key: event.position, at: event.at, ...told });
    if (found.length === limit) break;
  }
  return found;
}

type Told = Omit<Sentence, "key" | "at">;

function tell(state: FloorState, event: Happening, say: Say): Told | null {
  const teller = tellers[event.kind];
  return teller ? teller(event.payload as never, event, state, say) : null;
}

const tellers: Record<string, (payload: never, event: Happening, state: FloorState, say: Say) => Told | null> = {
  "offer.opened": ({ offer }: { offer: Offer }, _event, state, say) => {
    const { channel, ...where } = place(state, offer.queue, say);
    return line(channel, "", say.rich("event.offered", { name: nameOf(state, offer.agent), ...where, channel: say(`channel.${channel}`) }));
  },
  "offer.ended": ({ offer }: { offer: Offer }, event, state, say) => {
    const values = { name: nameOf(state, offer.agent), ...place(state, offer.queue, say), wait: lasted(offer.offered_at, event.at) };
    if (offer.state === "accepted") return line("check", "", say.rich("event.accepted", values));
    if (offer.state === "timed_out") return line("clock", "amber", say.rich("event.timed_out", values));
    return offer.state === "declined" ? line("transfer", "", say.rich("event.declined", values)) : null;
  },
  "assignment.changed": ({ assignment }: { assignment: Assignment }, event, state, say) => {
    const { agent, queue, contact, why, closed_at, opened_at } = assignment;
    if (closed_at === null || Date.parse(closed_at) !== Date.parse(event.at)) return null;
    const values = { name: nameOf(state, agent), ...place(state, queue, say), reference: `C-${contact}`, wait: lasted(opened_at, closed_at) };
    if (why === "closed") return line("close", "", say.rich("event.closed", values));
    const moved = MOVED[why];
    return moved ? line("transfer", why === "line_lost" ? "amber" : "", say.rich(moved, values)) : null;
  },
  "contact.changed": ({ contact }: { contact: Contact }, event, state, say) => {
    if (contact.outcome !== "abandoned") return null;
    const values = { ...place(state, contact.queue, say), wait: lasted(contact.arrived_at, contact.closed_at ?? event.at) };
    return line("exit", "amber", say.rich("event.abandoned", values));
  },
  "agent.changed": ({ agent }: { agent: Agent }, _event, state, say) => {
    const values = { name: nameOf(state, agent.id), reason: agent.reason ? say(`break.${agent.reason}` as FloorKey) : "" };
    if (agent.line_lost_at) return line("signal-off", "coral", say.rich("event.lost", values));
    if (agent.state === "ready") return line("user", "", say.rich("event.ready", values));
    if (agent.state === "break") return line("cup", "", say.rich("event.break", values));
    return line("exit", "", say.rich("event.offline", values));
  },
  "act.added": ({ act }: { act: { queue: number; parts: unknown[] } }, _event, state, say) =>
    act.parts.length ? null : line("euro", "amber", say.rich("event.gap", place(state, act.queue, say))),
  "offer.contested": ({ contest }: { contest: ContestedChoice }, _event, state, say) =>
    contest.answered_at ? null : line("flag", "amber", say.rich("event.choice", { name: nameOf(state, contest.agent), queue: place(state, contest.queue, say).queue })),
  "act.contested": ({ contest }: { contest: Contest }, _event, state, say) =>
    contest.answered_at ? null : line("flag", "amber", say.rich("event.contested", { name: nameOf(state, contest.agent), reference: contest.reference })),
  "mail.set_aside": (_payload, _event, _state, say) => line("mail", "amber", say.rich("event.set_aside")),
  "delivery.failed": (_payload, _event, _state, say) => line("mail", "coral", say.rich("event.undelivered")),
};

function line(icon: string, tone: Told["tone"], pieces: Piece[]): Told {
  return { icon: icon === "email" ? "mail" : icon, tone, pieces };
}

function nameOf(state: FloorState, agent: number): string {
  return state.agents.get(agent)?.name ?? `#${agent}`;
}

function place(state: FloorState, id: number, say: Say): { queue: string; one: string; channel: "chat" | "email" | "voice" | "social" | "task" } {
  const queue = state.queues.get(id);
  const channel = queue?.channel ?? "task";
  return { queue: queue?.name ?? `#${id}`, one: say(`one.${channel}`), channel };
}

function lasted(from: string, to: string): string {
  return spoken((Date.parse(to) - Date.parse(from)) / 1000);
}
