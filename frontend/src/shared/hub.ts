/**
 * What one browser shares between its tabs: one stream for all their grants, and one renewal of the presence lease.
 * It runs in a SharedWorker (whose timers hidden tabs do not slow), or in the page where there is none.
 */
import { comparePositions } from "./position";
import { Stream, type LineState, type StreamOptions } from "./stream";
import type { ServerEvent } from "./sse";

export interface Subscription {
  grant: string;
  /** What its snapshot is of; the stream also carries what other tabs follow, some of it under the same names. */
  topic: string;
  position: string;
  /** Where to renew the presence lease, for a tab that keeps one. */
  lease?: { url: string; csrf: string } | undefined;
}

export type FromTab = ({ type: "subscribe"; lock: string } & Subscription) | { type: "retry" } | { type: "cut" } | { type: "bye" };
export type ToTab =
  | { type: "event"; event: ServerEvent }
  | { type: "state"; state: LineState }
  | { type: "lease"; answer: unknown; milliseconds: number }
  | { type: "signedOut" };

export type Send = (message: ToTab) => void;

const LEASE_MS = 15_000;

interface Tab extends Subscription {
  send: Send;
}

export class Hub {
  #tabs = new Map<object, Tab>();
  #stream: Stream;
  #read: string | null = null;
  #state: LineState = { kind: "connecting" };
  #leaseTimer: ReturnType<typeof setInterval> | undefined;
  #fetcher: typeof fetch;

  constructor(makeStream: (options: StreamOptions) => Stream = (options) => new Stream(options), fetcher: typeof fetch = (...args) => fetch(...args)) {
    this.#fetcher = fetcher;
    this.#stream = makeStream({
      grants: () => [...new Set([...this.#tabs.values()].map((tab) => tab.grant))],
      after: () => this.#read,
      onEvent: (event) => this.#deliver(event),
      onState: (state) => this.#tell(state),
    });
  }

  /** A tab comes (or comes back with a new snapshot): the stream starts again only if it lacks its grant or its past. */
  subscribe(tab: object, subscription: Subscription, send: Send): void {
    const known = new Set([...this.#tabs.values()].map((each) => each.grant));
    const alone = this.#tabs.size === 0 || (this.#tabs.size === 1 && this.#tabs.has(tab));
    this.#tabs.set(tab, { ...subscription, send });
    const earlier = this.#read !== null && comparePositions(subscription.position, this.#read) < 0;
    if (alone || this.#read === null || earlier) this.#read = subscription.position;
    if (alone || earlier || !known.has(subscription.grant)) this.#stream.restart();
    else send({ type: "state", state: this.#state });
    this.#keepLease();
  }

  leave(tab: object): void {
    this.#tabs.delete(tab);
    if (this.#tabs.size === 0) {
      this.#stream.stop();
      this.#read = null;
    }
    this.#keepLease();
  }

  /** The person asked to try again, or the browser says the network is back. */
  retry(): void {
    if (this.#state.kind !== "live") this.#stream.restart();
  }

  cut(): void {
    this.#stream.cut();
  }

  /** Each tab gets what is of its own topic and comes after its own snapshot, once, in order. */
  #deliver(event: ServerEvent): void {
    if (event.id !== null) {
      if (this.#read === null || comparePositions(event.id, this.#read) > 0) this.#read = event.id;
    }
    for (const tab of this.#tabs.values()) {
      if (event.kind !== "reset" && !event.topics.includes(tab.topic)) continue;
      if (event.id !== null) {
        if (comparePositions(event.id, tab.position) <= 0) continue;
        tab.position = event.id;
      }
      tab.send({ type: "event", event });
    }
  }

  #tell(state: LineState): void {
    this.#state = state;
    for (const tab of this.#tabs.values()) tab.send({ type: "state", state });
    if (state.kind === "live") void this.renewLease();
  }

  #keepLease(): void {
    const wanted = [...this.#tabs.values()].some((tab) => tab.lease);
    if (wanted && this.#leaseTimer === undefined) {
      this.#leaseTimer = setInterval(() => void this.renewLease(), LEASE_MS);
    } else if (!wanted) {
      clearInterval(this.#leaseTimer);
      this.#leaseTimer = undefined;
    }
  }

  /** One renewal, whatever the number of tabs; its round trip is how good the line is. */
  async renewLease(): Promise<void> {
    const lease = [...this.#tabs.values()].findLast((tab) => tab.lease)?.lease;
    if (!lease) return;
    const begun = Date.now();
    try {
      const response = await this.#fetcher(lease.url, {
        method: "POST",
        headers: { "X-CSRFToken": lease.csrf, "Content-Type": "application/json", Accept: "application/json" },
        credentials: "same-origin",
        redirect: "manual",
        body: "{}",
      });
      if (response.type === "opaqueredirect" || response.status === 401) return this.#tellLeaseHolders({ type: "signedOut" });
      if (!response.ok) return;
      const answer: unknown = await response.json();
      const milliseconds = Date.now() - begun;
      this.#tellLeaseHolders({ type: "lease", answer, milliseconds });
    } catch {
      // The line is down: the stream notices it by itself and says so to the tabs.
    }
  }

  #tellLeaseHolders(message: ToTab): void {
    for (const tab of this.#tabs.values()) if (tab.lease) tab.send(message);
  }
}
