/** One live connection to the event feed: reconnects from where it was, says when the line is lost and when it tries again. */
import { SseReader, type ServerEvent } from "./sse";

export type LineState =
  | { kind: "connecting" }
  | { kind: "live"; milliseconds: number | null }
  | { kind: "lost"; since: number; retryAt: number };

export interface StreamOptions {
  grants: () => string[];
  /** Where to read from; asked at each connection. */
  after: () => string | null;
  onEvent: (event: ServerEvent) => void;
  onState: (state: LineState) => void;
  fetcher?: typeof fetch;
}

const STREAM = "/push/stream";
const SILENCE_MS = 35_000; // two heartbeats of 15 s missed
const WAITS_MS = [1000, 2000, 4000, 8000, 15_000];

export class Stream {
  #options: StreamOptions;
  #abort: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #lostSince: number | null = null;

  constructor(options: StreamOptions) {
    this.#options = options;
  }

  /** Connect, or connect again at once (new grants, an earlier position, the person's wish). */
  restart(): void {
    this.stop();
    void this.#run();
  }

  /** The browser says that the network is gone: no need to wait for the silence. */
  cut(): void {
    this.#abort?.abort();
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#silence);
    this.#abort?.abort();
    this.#abort = undefined;
  }

  async #run(): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    const question = new URLSearchParams(this.#options.grants().map((grant) => ["grant", grant]));
    const after = this.#options.after();
    if (after) question.set("after", after);
    const begun = Date.now();
    try {
      this.#listenForSilence(abort);
      const response = await (this.#options.fetcher ?? fetch)(`${STREAM}?${question}`, {
        headers: { Accept: "text/event-stream" },
        signal: abort.signal,
        cache: "no-store",
      });
      if (response.status === 403 || response.status === 401 || response.status === 400) {
        this.#options.onEvent({ id: null, topics: [], kind: "reset", data: { why: "grant" } });
        throw new Error("the grant was refused");
      }
      if (!response.ok || !response.body) throw new Error(`stream answered ${response.status}`);
      this.#attempt = 0;
      this.#lostSince = null;
      this.#options.onState({ kind: "live", milliseconds: Date.now() - begun });
      await this.#pump(response.body, abort);
      throw new Error("the stream ended");
    } catch {
      if (abort.signal.aborted && this.#abort !== abort) return; // stopped on purpose
      this.#lose();
    }
  }

  async #pump(body: ReadableStream<Uint8Array>, abort: AbortController): Promise<void> {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    const events = new SseReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || this.#abort !== abort) return;
      this.#listenForSilence(abort);
      for (const event of events.read(decoder.decode(value, { stream: true }))) this.#options.onEvent(event);
    }
  }

  /** A dead line says nothing, not even that it is dead: only the missing heartbeat tells. */
  #listenForSilence(abort: AbortController): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => abort.abort(), SILENCE_MS);
  }

  #lose(): void {
    clearTimeout(this.#silence);
    this.#abort = undefined;
    this.#lostSince ??= Date.now();
    const wait = WAITS_MS[Math.min(this.#attempt, WAITS_MS.length - 1)] as number;
    this.#attempt += 1;
    const spread = wait * (0.75 + Math.random() * 0.5); // a restarted server does not see everybody at once
    this.#options.onState({ kind: "lost", since: this.#lostSince, retryAt: Date.now() + spread });
    this.#timer = setTimeout(() => void this.#run(), spread);
  }
}
