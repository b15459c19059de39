/** What the server tells the desk. Times are ISO 8601 in UTC; sums are cents. */

export type ChannelName = "voice" | "email" | "chat" | "social" | "task";
export type PresenceState = "offline" | "ready" | "break";

export interface Presence {
  state: PresenceState;
  reason: string;
  since: string;
  line_lost_at: string | null;
  lease_seconds: number;
}

export interface Disposition {
  id: number;
  name: string;
  resolved: boolean;
  details?: Disposition[];
}

export interface Brand {
  id: number;
  name: string;
  accent: string;
  articles: { id: number; title: string; body: string; author: string; updated_at: string }[];
  canned: { shortcut: string; title: string; body: string }[];
  dispositions: Disposition[];
}

/** What acts of a queue pay now: the least and the most, and what one without a disposition of its own is made of. */
export interface Pay {
  min_cents: number;
  max_cents: number;
  currency: string;
  version: number;
  parts: { label: string; cents: number }[];
}

export interface Queue {
  id: number;
  name: string;
  brand: number;
  channel: ChannelName;
  activity: string;
  target_seconds: number;
  offer_seconds: number;
  wrap_up_seconds: number;
  disposition_required: boolean;
  mine: boolean;
  pay: Pay | null;
}

/** Data of the routing core: what ranked an agent for a contact. `levels` are [skill, held, asked]; times in milliseconds. */
export interface Ranking {
  agent: number;
  idle_since: number;
  load: number;
  free_places: number;
  levels: [number, number, number][];
  preferred: boolean;
}

export interface Reasons {
  rule: string;
  rule_version: number;
  side: "agent_waited" | "contact_waited";
  queue: number;
  queue_version: number;
  stage: number;
  due_at: number;
  waited_ms: number;
  priority: number;
  head_start_ms: number;
  winner: Ranking;
  runner_up: Ranking | null;
  free: number;
  busy: number;
  away: number;
  waiting: number;
}

export interface Offer {
  id: string;
  contact: number;
  queue: number;
  offered_at: string;
  expires_at: string;
  arrived_at: string;
  /** The agent is to call the customer. */
  called_back: boolean;
  reasons: Reasons;
}

export interface Assignment {
  id: number;
  state: "active" | "wrap_up";
  opened_at: string;
  closed_at: string | null;
  wrap_up_until: string | null;
  /** How it ended; empty while it goes on. */
  why: string;
}

export interface Contact {
  id: number;
  reference: string;
  state: string;
  queue: number;
  brand: number;
  channel: ChannelName;
  direction: "inbound" | "outbound";
  priority: number;
  arrived_at: string;
  due_at: string;
  answered_at: string | null;
}

export interface Conversation {
  id: number;
  subject: string;
  channel: ChannelName;
  /** An address that the customer typed, as long as nobody has shown that it is theirs. */
  unverified_email: string;
  created_at: string;
  last_message_at: string | null;
  unread: number;
  agent_read_at: string | null;
  customer_read_at: string | null;
}

export interface Attachment {
  id: number;
  name: string;
  content_type: string;
  size: number;
  url: string;
}

export interface Message {
  id: number;
  conversation: number;
  contact: number | null;
  kind: "inbound" | "outbound" | "note" | "system";
  audience: "" | "operator" | "brand";
  author: { name: string; user: number | null };
  /** Of a mail: whom it came from, or went to; and where its answer goes. */
  address: string;
  reply_to: string;
  body: string;
  html: string;
  quoted: string;
  delivery: "none" | "queued" | "sent" | "failed";
  delivery_error: string;
  at: string;
  attachments: Attachment[];
  client_id: string;
}

export interface Customer {
  id: number;
  name: string;
  email: string;
  phone: string;
  phone_shown: string;
  language: string;
  simulated: boolean;
  since: string;
}

export interface PastContact {
  contact: number;
  reference: string;
  channel: ChannelName;
  queue: number;
  closed_at: string;
  outcome: string;
  disposition: string;
  agent: string;
  subject: string;
}

/** Whom to call back; `wording` is what they agreed to. Without a number they are rung on the page they keep open. */
export interface Callback {
  number: string;
  number_shown: string;
  wanted_at: string | null;
  asked_at: string;
  asked_by: "customer" | "agent";
  wording: string;
  attempts: number;
}

/** A callback that an agent promises as they close; `at` in ISO 8601. */
export interface Promised {
  at: string;
  number: string;
  with_me: boolean;
}

export interface Work {
  assignment: Assignment;
  contact: Contact;
  conversation: Conversation;
  customer: Customer;
  callback: Callback | null;
  messages: Message[];
  history: PastContact[];
  /** What closing with a disposition (its id, or "" for none) would pay this agent now. */
  pay: Record<string, number>;
}

export interface Today {
  acts: number;
  cents: number;
  currency: string;
  contacts: number;
}

export interface Colleague {
  id: number;
  name: string;
  state: string;
  /** What keeps them from taking a call; null when nothing does. */
  no_call: "away" | "line" | "consulted" | "offer" | "call" | "chat" | "work" | null;
}

export interface Snapshot {
  position: string;
  grant: string;
  now: string;
  agent: { id: number; name: string; first_name: string; status: string; places: Record<string, number>; simulated: boolean };
  operator: { id: number; name: string; time_zone: string; currency: string; language: string };
  presence: Presence;
  brands: Record<string, Brand>;
  queues: Record<string, Queue>;
  skills: Record<string, string>;
  offers: Offer[];
  work: Work[];
  today: Today;
}

/** A reason of the router's, in words and by its code. */
export interface Reason {
  code: string;
  text: string;
}

/** A choice of the router that this agent contests, with the answer once a person has given one. */
export interface ContestedChoice {
  id: number;
  offer: string;
  queue: number;
  offered_at: string;
  text: string;
  at: string;
  outcome: "" | "accepted" | "refused";
  answer: string;
  answered_by: string;
  answered_at: string | null;
}

/** Why nothing comes, as /desk/why tells it. */
export interface WhyNothing {
  at: string;
  why: Reason;
  waits: number;
  contacts: { queue: { id: number; name: string }; arrived_at: string; due_at: string; why: Reason }[];
  offers: { id: string; queue: number; offered_at: string }[];
  contests: ContestedChoice[];
}

/** Why an offer went to somebody else, as /desk/why/offers/ID tells it. */
export interface WhyNotMe {
  id: string;
  offered_at: string;
  why: Reason | null;
  said: string[];
}
