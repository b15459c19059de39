/**
 * The desk as data: a snapshot, then events, each giving a new state. Pure: no clock, no page, no server.
 * A snapshot with the events after it is the same as a fresh snapshot; a test on the real server shows it.
 */
import type { Assignment, Contact, Conversation, Message, Offer, Presence, Snapshot, Today, Work } from "./types";

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
  "message.added": { conversation: number; message: Message };
  "message.changed": { conversation: number; message: Message };
  "act.added": { act: { id: number; contact: number; reference: string; cents: number; currency: string; at: string }; today: Today };
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
    return known ? withWork(state, { ...known, assignment, contact, conversation }) : state;
  },
  "work.ended": (state, { contact, assignment }) =>
    state.work[contact]?.assignment.id === assignment ? { ...state, work: without(state.work, contact) } : state,
  "message.added": (state, { conversation, message }) => {
    const work = workOf(state, conversation);
    return work ? withWork(state, addMessage(work, message)) : state;
  },
  "message.changed": (state, { conversation, message }) => {
    const work = workOf(state, conversation);
    const messages = work?.messages.map((each) => (each.id === message.id ? message : each));
    return work && messages ? withWork(state, { ...work, messages }) : state;
  },
  "act.added": (state, { today }) => ({ ...state, today }),
};

/** A message said twice (as the answer to a request, then as an event) is there once. */
function addMessage(work: Work, message: Message): Work {
  if (work.messages.some((each) => each.id === message.id)) return work;
  const messages = [...work.messages, message].sort((one, other) => one.id - other.id).slice(-200);
  const { conversation } = work;
  const last = conversation.last_message_at;
  const later = last === null || message.at > last ? message.at : last;
  const unread = conversation.unread + (message.kind === "inbound" ? 1 : 0);
  return { ...work, messages, conversation: { ...conversation, last_message_at: later, unread } };
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
