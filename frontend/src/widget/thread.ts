/** A conversation as its customer sees it: a snapshot, and the events after it. Pure: what comes in, what comes out. */
import type { ServerEvent } from "../shared/sse";
import type { ExpectedWait } from "../shared/waits";

/** Times are milliseconds since the epoch. */
export interface Message {
  id: number;
  kind: "inbound" | "outbound" | "system";
  author: string;
  body: string;
  at: number;
  clientId: string;
  files: FileCard[];
}

export interface FileCard {
  id: number;
  name: string;
  size: number;
}

export interface Contact {
  id: number;
  state: "scheduled" | "waiting" | "active" | "closed";
  outcome: string;
  arrivedAt: number;
  agent: string | null;
}

/** Somebody took the matter, it waited again, or it was closed. */
export interface Turn {
  kind: "taken" | "waiting" | "closed";
  contact: number;
  at: number;
  agent: string | null;
  waitedSeconds: number | null;
  outcome: string;
}

export interface Place {
  place: number;
  expected: ExpectedWait | null;
}

export interface Thread {
  conversation: number;
  contact: Contact | null;
  place: Place | null;
  messages: Message[];
  turns: Turn[];
  readByAgentAt: number | null;
  readByCustomerAt: number | null;
}

const KEPT = 200;

export function fromSnapshot(sent: SentThread): Thread {
  return {
    conversation: sent.conversation,
    contact: sent.contact && {
      id: sent.contact.id,
      state: sent.contact.state,
      outcome: sent.contact.outcome,
      arrivedAt: time(sent.contact.arrived_at),
      agent: sent.contact.agent,
    },
    place: fromPlace(sent.place),
    messages: sent.messages.map(fromMessage),
    turns: sent.turns.map((turn) => ({
      kind: turn.kind,
      contact: turn.contact,
      at: time(turn.at),
      agent: turn.agent ?? null,
      waitedSeconds: turn.waited_seconds ?? null,
      outcome: turn.outcome ?? "",
    })),
    readByAgentAt: timeOrNull(sent.read_by_agent_at),
    readByCustomerAt: timeOrNull(sent.read_by_customer_at),
  };
}

/** The thread after an event; events may come twice. */
export function reduce(thread: Thread, event: ServerEvent): Thread {
  const data = event.data as EventData;
  switch (event.kind) {
    case "message.added":
    case "message.changed":
      return data.message ? withMessage(thread, fromMessage(data.message)) : thread;
    case "contact.state":
      return withState(thread, data as StateData);
    case "read":
      return data.by === "agent"
        ? { ...thread, readByAgentAt: later(thread.readByAgentAt, time(data.at)) }
        : { ...thread, readByCustomerAt: later(thread.readByCustomerAt, time(data.at)) };
    case "place":
      return thread.contact?.state === "waiting" ? { ...thread, place: fromPlace(data.place ?? null) } : thread;
    default:
      return thread;
  }
}

function withMessage(thread: Thread, message: Message): Thread {
  const others = thread.messages.filter((each) => each.id !== message.id);
  const messages = [...others, message].sort((one, other) => one.at - other.at || one.id - other.id).slice(-KEPT);
  // Who answers has read what was said.
  const readByAgentAt = message.kind === "outbound" ? later(thread.readByAgentAt, message.at) : thread.readByAgentAt;
  return { ...thread, messages, readByAgentAt };
}

function withState(thread: Thread, told: StateData): Thread {
  const at = time(told.at);
  const known = thread.contact;
  if (known && told.contact < known.id) return thread;
  const before: Contact =
    known?.id === told.contact
      ? known
      : { id: told.contact, state: "waiting", outcome: "", arrivedAt: at, agent: null };
  const state = told.state === "offered" ? "waiting" : told.state;
  const contact: Contact = { ...before, state, outcome: told.outcome, agent: state === "active" ? told.agent : null };
  return {
    ...thread,
    contact,
    place: state === "waiting" ? thread.place : null,
    turns: withTurn(thread.turns, turnOf(before, contact, at, thread.turns)),
  };
}

function turnOf(before: Contact, after: Contact, at: number, turns: Turn[]): Turn | null {
  const turn = { contact: after.id, at, agent: null, waitedSeconds: null, outcome: "" };
  if (after.state === "active" && after.agent !== before.agent) {
    const isFirst = !turns.some((each) => each.contact === after.id && each.kind === "taken");
    return { ...turn, kind: "taken", agent: after.agent, waitedSeconds: isFirst ? (at - after.arrivedAt) / 1000 : null };
  }
  if (after.state === "waiting" && before.state === "active") return { ...turn, kind: "waiting" };
  if (after.state === "closed" && before.state !== "closed") return { ...turn, kind: "closed", outcome: after.outcome };
  return null;
}

function withTurn(turns: Turn[], turn: Turn | null): Turn[] {
  const isKnown = turn && turns.some((each) => each.contact === turn.contact && each.kind === turn.kind && each.at === turn.at);
  return turn && !isKnown ? [...turns, turn] : turns;
}

/** How many answers the customer has not seen. */
export function unread(thread: Thread | null): number {
  if (!thread) return 0;
  return thread.messages.filter((each) => each.kind === "outbound" && each.at > (thread.readByCustomerAt ?? 0)).length;
}

export type Entry = { kind: "message"; at: number; message: Message } | { kind: "turn"; at: number; turn: Turn };

/** Messages and turns in the order in which they happened. */
export function entries(thread: Thread): Entry[] {
  const said: Entry[] = thread.messages.map((message) => ({ kind: "message", at: message.at, message }));
  const oldest = thread.messages.length === KEPT ? (thread.messages[0]?.at ?? 0) : 0;
  const told: Entry[] = thread.turns.filter((turn) => turn.at >= oldest).map((turn) => ({ kind: "turn", at: turn.at, turn }));
  return [...said, ...told].sort((one, other) => one.at - other.at);
}

function fromMessage(sent: SentMessage): Message {
  return {
    id: sent.id,
    kind: sent.kind,
    author: sent.author,
    body: sent.body,
    at: time(sent.at),
    clientId: sent.client_id,
    files: sent.attachments.map(({ id, name, size }) => ({ id, name, size })),
  };
}

function fromPlace(sent: SentPlace | null): Place | null {
  return sent && { place: sent.place, expected: sent.expected };
}

function later(one: number | null, other: number): number {
  return Math.max(one ?? 0, other);
}

function time(iso: string): number {
  return new Date(iso).getTime();
}

function timeOrNull(iso: string | null): number | null {
  return iso === null ? null : time(iso);
}

export interface SentMessage {
  id: number;
  kind: Message["kind"];
  author: string;
  body: string;
  at: string;
  client_id: string;
  attachments: FileCard[];
}

interface SentPlace {
  place: number;
  expected: ExpectedWait | null;
}

export interface SentThread {
  position: string;
  grant: string;
  now: string;
  conversation: number;
  contact: { id: number; channel: string; state: Contact["state"]; outcome: string; arrived_at: string; agent: string | null } | null;
  place: SentPlace | null;
  messages: SentMessage[];
  turns: {
    kind: Turn["kind"];
    contact: number;
    at: string;
    agent?: string | null;
    waited_seconds?: number | null;
    outcome?: string;
  }[];
  read_by_agent_at: string | null;
  read_by_customer_at: string | null;
}

interface EventData {
  message?: SentMessage;
  place?: SentPlace | null;
  by?: string;
  at: string;
}

interface StateData extends EventData {
  contact: number;
  state: Contact["state"] | "offered";
  outcome: string;
  agent: string | null;
}
