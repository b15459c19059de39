/** The floor's heart: its state, the line to the server, and what a supervisor does. Screens only read it and call it. */
import { Refused, SignedOut, type Api } from "../shared/api";
import { clock } from "../shared/clock.svelte";
import { openFeed, type Feed, type LineState, type ServerEvent } from "../shared/feed";
import { alerts, type Alert } from "./alerts";
import { Beside } from "./beside.svelte";
import { agentFigures, queueFigures, tallyOfDay, type AgentFigures, type QueueFigures } from "./figures";
import { apply, fromSnapshot, type FloorState } from "./state";
import type { ExpectedWait } from "../shared/waits";
import type { Contact, Day, Snapshot } from "./types";

export interface FloorNotice {
  id: number;
  tone: "sea" | "coral";
  text: string;
  /** A way on, to what was just done. */
  href?: string;
}

const NOTICE_MS = 7000;
const RETRY_MS = 3000;

export class Floor {
  state = $state.raw<FloorState | null>(null);
  /** By queue, what who came now would wait: told by whispers, so no part of the state that events make. */
  waits = $state.raw<Record<string, ExpectedWait | null>>({});
  line = $state.raw<LineState>({ kind: "connecting" });
  signedOut = $state(false);
  notices = $state.raw<FloorNotice[]>([]);
  /** The queue whose contacts are unfolded. */
  unfolded = $state<number | null>(null);
  /** The agent whose day is shown, and that day. */
  dayOf = $state<number | null>(null);
  day = $state.raw<Day | null>(null);
  /** Whether something asked of the server is on its way. */
  busy = $state(false);
  unreachableText = "";

  /** Oneself beside an agent in a call. */
  readonly beside: Beside;

  #api: Api;
  #feed: Feed | undefined;
  #notice = 0;
  #asking = false;
  #asked: string | undefined;

  constructor(api: Api) {
    this.#api = api;
    this.beside = new Beside(api, (fault) => this.#complain(fault));
  }

  agents: AgentFigures[] = $derived(this.state ? agentFigures(this.state) : []);
  queues: QueueFigures[] = $derived(this.state ? queueFigures(this.state, this.agents) : []);
  tally = $derived(this.state ? tallyOfDay(this.state) : null);
  alerts: Alert[] = $derived(this.state ? alerts(this.state, this.queues, this.agents, clock.now) : []);

  get waiting(): number {
    return this.queues.reduce((sum, each) => sum + each.waiting.length, 0);
  }

  /** The share that the queues promise, weighed by the contacts that count in each. */
  get goal(): number {
    const weighed = this.queues.map((each) => ({ goal: each.queue.target_percent, weight: each.answered + each.abandoned_late }));
    const weight = weighed.reduce((sum, each) => sum + each.weight, 0);
    if (weight) return Math.round(weighed.reduce((sum, each) => sum + each.goal * each.weight, 0) / weight);
    return Math.round(weighed.reduce((sum, each) => sum + each.goal, 0) / Math.max(1, weighed.length));
  }

  /** Take a snapshot, then follow. Called at the start, after a reset, at the end of the day, and when asked to. */
  async start(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const sentAt = Date.now();
    try {
      const snapshot = await this.#api.get<Snapshot>(`/floor/snapshot${location.search}`);
      clock.learn(snapshot.now, sentAt, Date.now());
      this.state = fromSnapshot(snapshot);
      this.waits = snapshot.waits;
      void this.beside.comeBack(this.state.calls.values());
      const subscription = { grant: snapshot.grant, topic: `floor:${snapshot.floor.id}`, position: snapshot.position };
      if (this.#feed) this.#feed.resume(subscription);
      else this.#feed = openFeed(subscription, { onEvent: (event) => this.#hear(event), onReset: () => void this.start(), onState: (line) => (this.line = line) });
    } catch (fault) {
      if (fault instanceof SignedOut) this.signedOut = true;
      else if (fault instanceof Refused) this.#say("coral", fault.message);
      else {
        this.line = { kind: "lost", since: Date.now(), retryAt: Date.now() + RETRY_MS };
        setTimeout(() => void this.start(), RETRY_MS);
      }
    } finally {
      this.#asking = false;
    }
  }

  retry(): void {
    if (this.#feed) this.#feed.retry();
    else void this.start();
  }

  #hear(event: ServerEvent): void {
    this.beside.hear(event);
    if (event.kind === "wait") {
      const told = event.data as { queue: number; expected: ExpectedWait | null };
      this.waits = { ...this.waits, [told.queue]: told.expected };
    }
    if (!this.state || event.id === null) return;
    const payload = event.data as { at?: string };
    this.state = apply(this.state, { position: event.id, kind: event.kind, payload, at: payload.at ?? new Date(clock.read()).toISOString() });
    if (clock.read() >= this.state.day.ends) void this.start();
    if (this.dayOf !== null && agentOf(event.data) === this.dayOf) void this.showDay(this.dayOf, this.#asked);
  }

  take(contact: Contact, done: string): Promise<boolean> {
    return this.#do(`/floor/contacts/${contact.id}/take`, { with: contact.agent }, done, "/desk/");
  }

  give(contact: Contact, agent: number, done: string): Promise<boolean> {
    return this.#do(`/floor/contacts/${contact.id}/assign`, { agent, with: contact.agent }, done);
  }

  requeue(contact: Contact, queue: number | null, done: string): Promise<boolean> {
    return this.#do(`/floor/contacts/${contact.id}/requeue`, { ...(queue === null ? {} : { queue }), with: contact.agent }, done);
  }

  cancelCallback(contact: Contact, done: string): Promise<boolean> {
    return this.#do(`/floor/contacts/${contact.id}/cancel-callback`, {}, done);
  }

  async simulate(on: boolean, done: string): Promise<void> {
    const obeyed = await this.#do("/floor/simulation", { on }, done);
    if (obeyed && this.state) this.state = { ...this.state, simulation: { on } };
  }

  /** Show an agent's day, today unless another one is named. */
  async showDay(agent: number, date?: string): Promise<void> {
    this.dayOf = agent;
    this.#asked = date;
    try {
      const day = await this.#api.get<Day>(`/floor/agents/${agent}/day${date ? `?date=${date}` : ""}`);
      if (this.dayOf === agent) this.day = day;
    } catch (fault) {
      this.#complain(fault);
    }
  }

  /** Ask the server for an explanation; null when it refuses, which is then said. */
  async ask<Answer>(path: string): Promise<Answer | null> {
    try {
      return await this.#api.get<Answer>(path);
    } catch (fault) {
      this.#complain(fault);
      return null;
    }
  }

  hideDay(): void {
    this.dayOf = null;
    this.day = null;
  }

  unsay(id: number): void {
    this.notices = this.notices.filter((each) => each.id !== id);
  }

  /** Ask something of the server, and say what came of it; whether it was done. */
  async #do(path: string, body: object, done: string, href?: string): Promise<boolean> {
    this.busy = true;
    try {
      await this.#api.post(path, body);
      this.#say("sea", done, href);
      return true;
    } catch (fault) {
      this.#complain(fault);
      return false;
    } finally {
      this.busy = false;
    }
  }

  #complain(fault: unknown): void {
    if (fault instanceof SignedOut) this.signedOut = true;
    else this.#say("coral", fault instanceof Refused ? fault.message : this.unreachableText);
  }

  #say(tone: FloorNotice["tone"], text: string, href?: string): void {
    const id = ++this.#notice;
    this.notices = [...this.notices, { id, tone, text, ...(href ? { href } : {}) }];
    setTimeout(() => this.unsay(id), NOTICE_MS);
  }
}

/** The agent whom an event is about, if it is about one. */
function agentOf(data: unknown): number | undefined {
  const payload = data as Record<string, { id: number; agent?: number } | undefined>;
  return payload.agent?.id ?? (payload.assignment ?? payload.offer ?? payload.act)?.agent;
}
