/** What the server tells of a floor: the shapes of /floor/snapshot and of the events on a floor's topic. Times are ISO 8601, UTC. */

import type { ExpectedWait } from "../shared/waits";
import type { Companion } from "../softphone/mix";

export type Channel = "voice" | "chat" | "email" | "social" | "task";

export interface Queue {
  id: number;
  name: string;
  brand: number;
  brand_name: string;
  channel: Channel;
  target_seconds: number;
  target_percent: number;
  priority: number;
  /** Needs of the queue that nobody engaged on it meets. */
  unmet: { skill: string; level: number; best: number }[];
}

export interface Agent {
  id: number;
  name: string;
  simulated: boolean;
  places: Record<Channel, number>;
  /** The queues whose contacts may be offered to them. */
  queues: number[];
  state: "offline" | "ready" | "break";
  reason: string;
  since: string;
  line_lost_at: string | null;
  /** When they last finished a contact or its wrap-up today. */
  finished_at: string | null;
  /** Why no call is offered to them: what their line had come to, the bar, since when and until when; null while calls are. */
  line: WeakLine | null;
}

export interface WeakLine {
  mos: number;
  bar: number;
  since: string;
  until: string;
}

export interface Contact {
  id: number;
  reference: string;
  queue: number;
  channel: Channel;
  direction: "inbound" | "outbound";
  state: "scheduled" | "waiting" | "offered" | "active" | "closed";
  outcome: "" | "handled" | "abandoned" | "cancelled";
  priority: number;
  arrived_at: string;
  due_at: string;
  answered_at: string | null;
  answered_in_target: boolean | null;
  closed_at: string | null;
  agent: number | null;
  offer: string | null;
}

/** A customer who is to be called back. */
export interface Callback {
  contact: number;
  wanted_at: string | null;
  asked_at: string;
  asked_by: "customer" | "agent";
  attempts: number;
  withdrawn: boolean;
}

/** A call in which an agent and a customer talk; `companions` are those who are beside the agent. */
export interface Call {
  id: number;
  contact: number;
  state: "dialling" | "queued" | "ringing" | "connecting" | "talking" | "held" | "ended";
  agent: number | null;
  answered_at: string | null;
  held_since: string | null;
  /** Since when the agent asks for help. */
  hand_raised_at: string | null;
  companions: Companion[];
}

export interface Assignment {
  id: number;
  contact: number;
  agent: number;
  queue: number;
  state: "active" | "wrap_up" | "ended";
  why: string;
  opened_at: string;
  closed_at: string | null;
  wrap_up_until: string | null;
  ended_at: string | null;
}

export interface Offer {
  id: string;
  contact: number;
  agent: number;
  queue: number;
  state: "open" | "accepted" | "declined" | "timed_out" | "withdrawn";
  why: string;
  offered_at: string;
  expires_at: string;
}

export interface Tally {
  arrived: number;
  answered: number;
  in_target: number;
  abandoned: number;
  abandoned_late: number;
}

export interface Contest {
  id: number;
  act: number;
  agent: number;
  reference: string;
  at: string;
  answered_at: string | null;
}

/** A choice of the router that an agent contests. */
export interface ContestedChoice {
  id: number;
  offer: string;
  agent: number;
  queue: number;
  at: string;
  answered_at: string | null;
}

export interface Happening {
  position: string;
  kind: string;
  payload: unknown;
  at: string;
}

export interface Snapshot {
  position: string;
  grant: string;
  now: string;
  day: { begins: string; ends: string };
  floor: { id: number; name: string };
  operator: { id: number; time_zone: string; currency: string };
  /** The agent that the person at the screen is, or null. */
  me: number | null;
  simulation: { on: boolean } | null;
  queues: Queue[];
  agents: Agent[];
  contacts: Contact[];
  assignments: Assignment[];
  offers: Offer[];
  /** Of the open contacts. */
  callbacks: Callback[];
  /** Of those who talk. */
  calls: Call[];
  /** Where somebody waits, by queue: what who came now would wait; null where it cannot be said. */
  waits: Record<string, ExpectedWait | null>;
  /** Contacts that are not in `contacts` any more, counted: by queue, and by quarter of an hour since the day began. */
  tally: { queues: Record<string, Tally>; quarters: Record<string, Tally> };
  concerns: { gaps: { queue: number; acts: number }[]; contests: Contest[]; choices: ContestedChoice[]; set_aside: number; undelivered: number };
  events: Happening[];
}

/** One agent's day, as /floor/agents/ID/day tells it. */
export interface Day {
  agent: { id: number; name: string; simulated: boolean; status: string };
  now: string;
  day: { date: string; begins: string; ends: string };
  presence: { state: string; reason: string; since: string; until: string | null }[];
  offers: (Offer & { ended_at: string | null; contest: string })[];
  work: Assignment[];
  acts: { id: number; contact: number; queue: number; cents: number; currency: string; at: string }[];
  currency: string;
}

/** A reason of the router's, in words and by its code. */
export interface Reason {
  code: string;
  text: string;
}

/** Why a contact waits, as /floor/contacts/ID/why tells it. */
export interface WhyContact {
  contact: number;
  at: string;
  why: Reason;
  agents: { agent: number; why: Reason }[];
  /** How many more agents are engaged on its queue. */
  more: number;
  offer: { agent: number; said: string[] } | null;
}

/** Why an agent gets nothing, as /floor/agents/ID/why tells it. */
export interface WhyAgent {
  agent: number;
  at: string;
  why: Reason;
  waits: number;
  contacts: { reference: string; queue: { id: number; name: string }; arrived_at: string; why: Reason }[];
}
