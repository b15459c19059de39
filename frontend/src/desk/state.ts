/**
 * The desk as data: a snapshot, then events, each giving a new state. Pure: no clock, no page, no server.
 * A snapshot with the events after it is the same as a fresh snapshot; a test on the real server shows it.
 */
import type { Assignment, Contact, Conversation, Message, Offer, Presence, Snapshot, Today, Work } from "./types";

const THREAD_LIMIT = 200;

export interface DeskState extends Omit<Snapshot, "offers" | "work" | "position" | "grant" | "now"> {
  offers: Record<string, Offer>;
  /** By contact. */
  work: Record<number, Work>;
}

/** Events of an agent's topic, with what each carries. */
export interface DeskEvents {
  "presence.changed": { presence: Presence };
  "offer.opened": { offer: Offer };
  "offer.ended": { id: string; state: string; why: string };
  "work.opened": { work: Work };
  "work.changed": { assignment: Assignment; contact: Contact; conversation: Conversation };
  "work.ended": { contact: number; assignment: number; why: string };
  "conversation.read": { conversation: number; by: "agent" | "customer"; at: string };
  "message.added": { conversation: number; message: Message };
  "message.changed": { conversation: number; message: Message };
  "act.added": { act: { id: number; contact: number; reference: string; cents: number; currency: string; at: string }; today: Omit<Today, "contacts"> };
}

export function fromSnapshot(snapshot: Snapshot): DeskState {
  const { offers, work, position: _position, grant: _grant, now: _now, ...rest } = snapshot;
  return {
    ...rest,
    offers: Object.fromEntries(offers.map((offer) => [offer.id, offer])),
    work: Object.fromEntries(work.map((each) => [each.contact.id, each])),
  };
}

/** The state after an event; the same object when the event says nothing to the desk. */
export function apply(state: DeskState, kind: string, payload: unknown): DeskState {
  const change = changes[kind as keyof DeskEvents] as ((state: DeskState, payload: unknown) => DeskState) | undefined;
  return change ? change(state, payload) : state;
}

const changes: { [Kind in keyof DeskEvents]: (state: DeskState, payload: DeskEvents[Kind]) => DeskState } = {
  "presence.changed": (state, { presence }) => ({ ...state, presence }),
  "offer.opened": (state, { offer }) => ({ ...state, offers: { ...state.offers, [offer.id]: offer } }),
  "offer.ended": (state, { id }) => ({ ...state, offers: without(state.offers, id) }),
  "work.opened": (state, { work }) => ({ ...state, work: { ...state.work, [work.contact.id]: work } }),
  "work.changed": (state, { assignment, contact, conversation }) => {
    const known = state.work[contact.id];
    if (!known) return state;
    const closedNow = known.assignment.state === "active" && assignment.state === "wrap_up" && assignment.why === "closed";
    return withWork(closedNow ? handled(state) : state, { ...known, assignment, contact, conversation });
  },
  "work.ended": (state, { contact, assignment, why }) => {
    const known = state.work[contact]?.assignment;
    if (known?.id !== assignment) return state;
    const closedNow = known.state === "active" && why === "closed";
    return { ...(closedNow ? handled(state) : state), work: without(state.work, contact) };
  },
  "conversation.read": (state, { conversation, by, at }) => {
    const work = workOf(state, conversation);
    if (!work) return state;
    const read = by === "agent" ? { agent_read_at: at, unread: unreadAfter(work, at) } : { customer_read_at: at };
    return withWork(state, { ...work, conversation: { ...work.conversation, ...read } });
  },
  "message.added": (state, { conversation, message }) => {
    const work = workOf(state, conversation);
    return work ? withWork(state, addMessage(work, message)) : state;
  },
  "message.changed": (state, { conversation, message }) => {
    const work = workOf(state, conversation);
    const messages = work?.messages.map((each) => (each.id === message.id ? message : each));
    return work && messages ? withWork(state, { ...work, messages }) : state;
  },
  "act.added": (state, { today }) => ({ ...state, today: { ...state.today, ...today } }),
};

/** A message said twice (as the answer to a request, then as an event) is there once. */
function addMessage(work: Work, message: Message): Work {
  if (work.messages.some((each) => each.id === message.id)) return work;
  const messages = [...work.messages, message].sort(byTime).slice(-THREAD_LIMIT);
  const { conversation } = work;
  const { at } = message;
  if (message.kind === "inbound") {
    const unread = conversation.unread + (isAfter(at, conversation.agent_read_at) ? 1 : 0);
    return { ...work, messages, conversation: { ...conversation, last_message_at: at, unread } };
  }
  if (message.kind === "outbound") {
    // Who answers has read what came before.
    return { ...work, messages, conversation: { ...conversation, last_message_at: at, agent_read_at: at, unread: 0 } };
  }
  return { ...work, messages };
}

function unreadAfter(work: Work, readAt: string): number {
  return work.messages.filter((message) => message.kind === "inbound" && isAfter(message.at, readAt)).length;
}

function handled(state: DeskState): DeskState {
  return { ...state, today: { ...state.today, contacts: state.today.contacts + 1 } };
}

/** ISO times are written with more or fewer decimals: they compare as instants. */
function isAfter(at: string, other: string | null): boolean {
  return other === null || Date.parse(at) > Date.parse(other);
}

function byTime(one: Message, other: Message): number {
  return Date.parse(one.at) - Date.parse(other.at) || one.id - other.id;
}

export function workOf(state: DeskState, conversation: number): Work | undefined {
  return Object.values(state.work).find((work) => work.conversation.id === conversation);
}

function withWork(state: DeskState, work: Work): DeskState {
  return { ...state, work: { ...state.work, [work.contact.id]: work } };
}

function without<Value>(table: Record<string | number, Value>, key: string | number): Record<string, Value> {
  return Object.fromEntries(Object.entries(table).filter(([each]) => each !== String(key)));
}
