/**
 * The floor as data: a snapshot, then events, each giving a new state. Pure: no clock, no page, no server.
 * A snapshot with the events after it shows the same floor as a fresh snapshot; a test on the real server shows it.
 */
import type { Agent, Assignment, Call, Callback, Contact, Contest, ContestedChoice, Happening, Offer, Queue, Snapshot, Tally, WeakLine } from "./types";

const EVENTS_KEPT = 150;

export interface FloorState {
  day: { begins: number; ends: number };
  floor: Snapshot["floor"];
  operator: Snapshot["operator"];
  me: number | null;
  simulation: Snapshot["simulation"];
  queues: Map<number, Queue>;
  agents: Map<number, Agent>;
  /** Open contacts, and those closed since shortly before the snapshot: they are counted from here, never from `tally`. */
  contacts: Map<number, Contact>;
  /** Work in hand and in wrap-up, by assignment. */
  work: Map<number, Assignment>;
  offers: Map<string, Offer>;
  /** By contact. */
  callbacks: Map<number, Callback>;
  /** In which an agent and a customer talk. */
  calls: Map<number, Call>;
  tally: Snapshot["tally"];
  gaps: Map<number, number>;
  contests: Map<number, Contest>;
  choices: Map<number, ContestedChoice>;
  setAside: number;
  undelivered: number;
  events: Happening[];
}

export interface FloorEvents {
  "contact.changed": { contact: Contact };
  "callback.changed": { callback: Callback };
  "agent.changed": { agent: Partial<Agent> & { id: number } };
  "assignment.changed": { assignment: Assignment };
  "offer.opened": { offer: Offer; contact: Contact };
  "offer.ended": { offer: Offer };
  "act.added": { act: { id: number; queue: number; cents: number; parts: unknown[] } };
  "act.contested": { contest: Contest };
  "offer.contested": { contest: ContestedChoice };
  "mail.waiting": { set_aside: number; undelivered: number };
  "call.changed": { call: Call };
  "call.line": { agent: number; line: WeakLine | null };
}

export function fromSnapshot(snapshot: Snapshot): FloorState {
  const byId = <Each extends { id: number }>(all: Each[]): Map<number, Each> => new Map(all.map((each) => [each.id, each]));
  return {
    day: { begins: Date.parse(snapshot.day.begins), ends: Date.parse(snapshot.day.ends) },
    floor: snapshot.floor,
    operator: snapshot.operator,
    me: snapshot.me,
    simulation: snapshot.simulation,
    queues: byId(snapshot.queues),
    agents: byId(snapshot.agents),
    contacts: byId(snapshot.contacts),
    work: byId(snapshot.assignments),
    offers: new Map(snapshot.offers.map((offer) => [offer.id, offer])),
    callbacks: new Map(snapshot.callbacks.map((each) => [each.contact, each])),
    calls: byId(snapshot.calls),
    tally: snapshot.tally,
    gaps: new Map(snapshot.concerns.gaps.map(({ queue, acts }) => [queue, acts])),
    contests: byId(snapshot.concerns.contests),
    choices: byId(snapshot.concerns.choices),
    setAside: snapshot.concerns.set_aside,
    undelivered: snapshot.concerns.undelivered,
    events: snapshot.events,
  };
}

/** The state after an event; events of a kind it does not know change nothing but the list of what happened. */
export function apply(state: FloorState, event: Happening): FloorState {
  const change = changes[event.kind as keyof FloorEvents] as ((state: FloorState, payload: unknown) => FloorState) | undefined;
  const next = change ? change(state, event.payload) : state;
  return { ...next, events: [...next.events, event].slice(-EVENTS_KEPT) };
}

const changes: { [Kind in keyof FloorEvents]: (state: FloorState, payload: FloorEvents[Kind]) => FloorState } = {
  "contact.changed": (state, { contact }) => ({
    ...state,
    contacts: put(state.contacts, contact.id, contact),
    callbacks: contact.state === "closed" && state.callbacks.has(contact.id) ? without(state.callbacks, contact.id) : state.callbacks,
  }),
  "callback.changed": (state, { callback }) => {
    const over = callback.withdrawn || state.contacts.get(callback.contact)?.state === "closed";
    return { ...state, callbacks: over ? without(state.callbacks, callback.contact) : put(state.callbacks, callback.contact, callback) };
  },
  "agent.changed": (state, { agent }) => {
    const known = state.agents.get(agent.id);
    if (!known) return state;
    const { state: stands, reason = "", since = known.since, line_lost_at = null } = agent;
    return { ...state, agents: put(state.agents, agent.id, { ...known, state: stands ?? known.state, reason, since, line_lost_at }) };
  },
  "assignment.changed": (state, { assignment }) => {
    if (assignment.state !== "ended") return { ...state, work: put(state.work, assignment.id, assignment) };
    const agent = state.agents.get(assignment.agent);
    const later = agent && (agent.finished_at === null || Date.parse(agent.finished_at) < Date.parse(assignment.ended_at ?? ""));
    return {
      ...state,
      work: without(state.work, assignment.id),
      agents: later ? put(state.agents, agent.id, { ...agent, finished_at: assignment.ended_at }) : state.agents,
    };
  },
  "offer.opened": (state, { offer, contact }) => ({
    ...state,
    offers: put(state.offers, offer.id, offer),
    contacts: put(state.contacts, contact.id, contact),
  }),
  "offer.ended": (state, { offer }) => ({ ...state, offers: without(state.offers, offer.id) }),
  "act.added": (state, { act }) => {
    if (act.parts.length > 0) return state;
    return { ...state, gaps: put(state.gaps, act.queue, (state.gaps.get(act.queue) ?? 0) + 1) };
  },
  "act.contested": (state, { contest }) => ({
    ...state,
    contests: contest.answered_at ? without(state.contests, contest.id) : put(state.contests, contest.id, contest),
  }),
  "offer.contested": (state, { contest }) => ({
    ...state,
    choices: contest.answered_at ? without(state.choices, contest.id) : put(state.choices, contest.id, contest),
  }),
  "mail.waiting": (state, { set_aside: setAside, undelivered }) => ({ ...state, setAside, undelivered }),
  "call.changed": (state, { call }) => {
    const talks = call.state === "talking" || call.state === "held";
    return { ...state, calls: talks ? put(state.calls, call.id, call) : without(state.calls, call.id) };
  },
  "call.line": (state, { agent, line }) => {
    const known = state.agents.get(agent);
    return known ? { ...state, agents: put(state.agents, agent, { ...known, line }) } : state;
  },
};

function put<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): Map<Key, Value> {
  return new Map(map).set(key, value);
}

function without<Key, Value>(map: Map<Key, Value>, key: Key): Map<Key, Value> {
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}

export const NOTHING: Tally = { arrived: 0, answered: 0, in_target: 0, abandoned: 0, abandoned_late: 0 };
