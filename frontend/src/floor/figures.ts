/** What the floor's figures are, from its state and the time. Pure; the server counts a day by the same rule (floor/tally.py). */
import { NOTHING, type FloorState } from "./state";
import type { Agent, Assignment, Call, Channel, Contact, Offer, Queue, Tally } from "./types";

const QUARTER_MS = 15 * 60_000;

export type Standing = "lost" | "offered" | "busy" | "wrap-up" | "ready" | "break" | "offline";

export interface QueueFigures extends Tally {
  queue: Queue;
  waiting: Contact[];
  inHand: Contact[];
  /** To be called back at a later moment, the first one first. */
  scheduled: Contact[];
  /** Milliseconds since the epoch, or null when nobody waits. */
  oldest: number | null;
  /** Share answered in time, 0 to 1, or null while none counts. */
  level: number | null;
  free: number;
  staffed: number;
}

export interface AgentFigures {
  agent: Agent;
  standing: Standing;
  /** Since when they stand so, in milliseconds. */
  since: number;
  work: Assignment[];
  offer: Offer | undefined;
  /** In which they talk. */
  call: Call | undefined;
  /** Places by channel that are taken, of those they have; only the channels of their queues. */
  load: { channel: Channel; taken: number; places: number }[];
}

/** Every queue with its figures: first those where somebody waits longest against the target, then by name. */
export function queueFigures(state: FloorState, agents: AgentFigures[] = agentFigures(state)): QueueFigures[] {
  const open = groupBy([...state.contacts.values()].filter((each) => each.state !== "closed"), (each) => each.queue);
  const tallies = tallyByQueue(state);
  return [...state.queues.values()].map((queue) => {
    const contacts = (open.get(queue.id) ?? []).sort(byArrival);
    const waiting = contacts.filter((each) => each.state === "waiting" || each.state === "offered");
    const able = agents.filter((each) => each.agent.queues.includes(queue.id) && isPresent(each));
    const tally = tallies.get(queue.id) ?? NOTHING;
    return {
      ...tally,
      queue,
      waiting,
      inHand: contacts.filter((each) => each.state === "active"),
      scheduled: contacts.filter((each) => each.state === "scheduled"),
      oldest: waiting[0] ? Date.parse(waiting[0].arrived_at) : null,
      level: serviceLevel(tally),
      free: able.filter((each) => each.standing !== "offered" && hasPlace(each, queue.channel)).length,
      staffed: able.length,
    };
  });
}

/** How urgent a queue is: waited time against its target, so that what needs someone comes first. */
export function urgency(figures: QueueFigures, now: number): number {
  return figures.oldest === null ? -1 : (now - figures.oldest) / (figures.queue.target_seconds * 1000);
}

/** Answered in time, of those answered or abandoned; who left before the target has passed is not counted. */
export function serviceLevel(tally: Tally): number | null {
  const counted = tally.answered + tally.abandoned_late;
  return counted ? tally.in_target / counted : null;
}

export function agentFigures(state: FloorState): AgentFigures[] {
  const work = groupBy([...state.work.values()], (each) => each.agent);
  const offers = new Map([...state.offers.values()].map((offer) => [offer.agent, offer]));
  const calls = new Map([...state.calls.values()].map((call) => [call.agent, call]));
  return [...state.agents.values()].map((agent) => {
    const theirs = (work.get(agent.id) ?? []).sort((one, other) => Date.parse(one.opened_at) - Date.parse(other.opened_at));
    const offer = offers.get(agent.id);
    const [standing, since] = stand(agent, theirs, offer);
    return { agent, standing, since, work: theirs, offer, call: calls.get(agent.id), load: load(state, agent, theirs, offer) };
  });
}

function stand(agent: Agent, work: Assignment[], offer: Offer | undefined): [Standing, number] {
  const at = (iso: string): number => Date.parse(iso);
  if (agent.line_lost_at) return ["lost", at(agent.line_lost_at)];
  const active = work.filter((each) => each.state === "active");
  if (agent.state === "offline") return ["offline", at(agent.since)];
  if (offer) return ["offered", at(offer.offered_at)];
  if (active[0]) return ["busy", at(active[0].opened_at)];
  if (agent.state === "break") return ["break", at(agent.since)];
  const closing = work[0];
  if (closing) return ["wrap-up", at(closing.closed_at ?? closing.opened_at)];
  return ["ready", Math.max(at(agent.since), agent.finished_at ? at(agent.finished_at) : 0)];
}

function load(state: FloorState, agent: Agent, work: Assignment[], offer: Offer | undefined): AgentFigures["load"] {
  const channelOf = (queue: number): Channel | undefined => state.queues.get(queue)?.channel;
  const channels = [...new Set(agent.queues.map(channelOf))].filter((each): each is Channel => each !== undefined);
  const taken = [...work.map((each) => channelOf(each.queue)), ...(offer ? [channelOf(offer.queue)] : [])];
  return channels
    .sort()
    .map((channel) => ({ channel, taken: taken.filter((each) => each === channel).length, places: agent.places[channel] }))
    .filter((each) => each.places > 0 || each.taken > 0);
}

function isPresent({ agent }: AgentFigures): boolean {
  return agent.state === "ready" && agent.line_lost_at === null;
}

function hasPlace({ load }: AgentFigures, channel: Channel): boolean {
  return load.some((each) => each.channel === channel && each.taken < each.places);
}

export function tallyByQueue(state: FloorState): Map<number, Tally> {
  return count(state, state.tally.queues, (contact) => contact.queue);
}

/** By quarter of an hour since the day began. */
export function tallyByQuarter(state: FloorState): Map<number, Tally> {
  return count(state, state.tally.quarters, (contact) => Math.floor((Date.parse(contact.arrived_at) - state.day.begins) / QUARTER_MS));
}

/** The whole floor's day. */
export function tallyOfDay(state: FloorState): Tally {
  return [...tallyByQueue(state).values()].reduce(sum, NOTHING);
}

function count(state: FloorState, settled: Record<string, Tally>, key: (contact: Contact) => number): Map<number, Tally> {
  const tallies = new Map(Object.entries(settled).map(([each, tally]) => [Number(each), tally]));
  for (const contact of state.contacts.values()) {
    const queue = state.queues.get(contact.queue);
    if (!queue || contact.direction === "outbound" || contact.state === "scheduled" || Date.parse(contact.arrived_at) < state.day.begins) continue;
    tallies.set(key(contact), sum(tallies.get(key(contact)) ?? NOTHING, one(contact, queue)));
  }
  return tallies;
}

function one(contact: Contact, queue: Queue): Tally {
  const answered = contact.answered_at !== null;
  const abandoned = !answered && contact.outcome === "abandoned";
  const waited = Date.parse(contact.closed_at ?? contact.arrived_at) - Date.parse(contact.arrived_at);
  return {
    arrived: 1,
    answered: Number(answered),
    in_target: Number(answered && contact.answered_in_target === true),
    abandoned: Number(abandoned),
    abandoned_late: Number(abandoned && waited >= queue.target_seconds * 1000),
  };
}

function sum(first: Tally, second: Tally): Tally {
  return {
    arrived: first.arrived + second.arrived,
    answered: first.answered + second.answered,
    in_target: first.in_target + second.in_target,
    abandoned: first.abandoned + second.abandoned,
    abandoned_late: first.abandoned_late + second.abandoned_late,
  };
}

function byArrival(first: Contact, second: Contact): number {
  return Date.parse(first.arrived_at) - Date.parse(second.arrived_at) || first.id - second.id;
}

function groupBy<Each>(all: Each[], key: (each: Each) => number): Map<number, Each[]> {
  const groups = new Map<number, Each[]>();
  for (const each of all) {
    const group = groups.get(key(each));
    if (group) group.push(each);
    else groups.set(key(each), [each]);
  }
  return groups;
}
