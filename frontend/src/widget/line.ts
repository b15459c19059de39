/** One live connection for all tabs of a site: one of them follows the feed and tells the others what it hears. */
import { comparePositions } from "../shared/position";
import type { ServerEvent } from "../shared/sse";
import { Stream } from "../shared/stream";

export interface Following {
  conversation: number;
  grant: string;
  position: string;
}

export interface LineHandlers {
  onEvent: (event: ServerEvent) => void;
  /** What is known may be too old, or another tab has begun the conversation: take a new snapshot. */
  onStale: () => void;
  onLost: (lost: boolean) => void;
}

type Told = { kind: "event"; event: ServerEvent } | { kind: "lost"; lost: boolean } | { kind: "stale" };

export class Line {
  #following: Following | null = null;
  #stream: Stream | null = null;
  #channel: BroadcastChannel | null;
  #handlers: LineHandlers;
  #base: string;
  #release: (() => void) | null = null;
  #asking: AbortController | null = null;
  #name: string;

  constructor(base: string, name: string, handlers: LineHandlers) {
    this.#base = base;
    this.#name = name;
    this.#handlers = handlers;
    this.#channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(name);
    if (this.#channel) this.#channel.onmessage = ({ data }: MessageEvent<Told>) => this.#heard(data);
  }

  /** Follow the feed from a snapshot on; the first tab that asks holds the connection until it is closed. */
  follow(following: Following): void {
    const isSame = this.#following?.conversation === following.conversation;
    this.#following = following;
    if (this.#stream && !isSame) this.#stream.restart();
    if (this.#stream || this.#asking) return;
    if (!navigator.locks || !this.#channel) return this.#connect();
    this.#ask(false);
  }

  /** The tab that is looked at holds the connection: the one that holds it may be asleep. */
  takeOver(): void {
    if (this.#asking && !this.#stream) this.#ask(true);
  }

  /** Whether more was heard of the conversation than this snapshot holds. */
  isAheadOf(snapshot: Following): boolean {
    const known = this.#following;
    return known?.conversation === snapshot.conversation && comparePositions(known.position, snapshot.position) > 0;
  }

  /** Follow no more. */
  stop(): void {
    this.#following = null;
    this.#stream?.stop();
    this.#stream = null;
    this.#asking?.abort();
    this.#asking = null;
    this.#release?.();
    this.#release = null;
  }

  /** Try again now. */
  retry(): void {
    this.#stream?.restart();
  }

  /** Tell the other tabs to take a new snapshot. */
  tellStale(): void {
    this.#channel?.postMessage({ kind: "stale" } satisfies Told);
  }

  /** Hold the connection when its turn comes, or at once, away from the tab that has it. */
  #ask(steal: boolean): void {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    navigator.locks
      .request(this.#name, steal ? { steal } : { signal: asking.signal }, () => {
        this.#connect();
        return new Promise<void>((release) => (this.#release = release));
      })
      .catch(() => {
        if (this.#asking !== asking) return; // given up by ourselves
        this.#stream?.stop();
        this.#stream = null;
        this.#ask(false);
      });
  }

  #connect(): void {
    this.#stream = new Stream({
      grants: () => (this.#following ? [this.#following.grant] : []),
      after: () => this.#following?.position ?? null,
      fetcher: (path, init) => fetch(this.#base + String(path), { ...init, credentials: "omit" }),
      onEvent: (event) => this.#tell({ kind: "event", event }),
      onState: (state) => {
        if (state.kind !== "connecting") this.#tell({ kind: "lost", lost: state.kind === "lost" });
      },
    });
    this.#stream.restart();
  }

  #tell(told: Told): void {
    this.#channel?.postMessage(told);
    this.#heard(told);
  }

  #heard(told: Told): void {
    if (told.kind === "stale") return this.#handlers.onStale();
    if (!this.#following) return;
    if (told.kind === "lost") return this.#handlers.onLost(told.lost);
    if (told.event.kind === "reset") return this.#handlers.onStale();
    if (told.event.id) {
      if (comparePositions(told.event.id, this.#following.position) <= 0) return; // the snapshot holds it
      this.#following.position = told.event.id;
    }
    this.#handlers.onEvent(told.event);
  }
}
