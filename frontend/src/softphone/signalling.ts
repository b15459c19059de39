/** What two ends say to find each other: sent in order, fetched once, told by a whisper that there is more. */
import type { Signal, SignalKind } from "./peer";

const LOOK_MS = 1500;

export interface SignallingOptions {
  send: (round: number, kind: SignalKind, body: unknown) => Promise<unknown>;
  fetch: (after: number) => Promise<Signal[]>;
  onSignal: (signal: Signal) => void;
  /** Whether one still waits for the other end: then one looks by oneself, in case a whisper was lost. */
  isWaiting: () => boolean;
}

export class Signalling {
  #options: SignallingOptions;
  #sending: Promise<void> = Promise.resolve();
  #after = 0;
  #looking = false;
  #again = false;
  #timer: ReturnType<typeof setInterval>;

  constructor(options: SignallingOptions) {
    this.#options = options;
    this.#timer = setInterval(() => options.isWaiting() && void this.look(), LOOK_MS);
  }

  say(round: number, kind: SignalKind, body: unknown): void {
    this.#sending = this.#sending.then(() => this.#options.send(round, kind, body)).then(
      () => undefined,
      (fault: unknown) => console.warn("Homeshore: a signal was not delivered", fault), // a round that fails is renewed
    );
  }

  /** Take what came with another answer. */
  take(signals: Signal[]): void {
    for (const signal of signals) {
      if (signal.id <= this.#after) continue;
      this.#after = signal.id;
      this.#options.onSignal(signal);
    }
  }

  /** Fetch what is new, one look at a time. */
  async look(): Promise<void> {
    if (this.#looking) {
      this.#again = true;
      return;
    }
    this.#looking = true;
    try {
      do {
        this.#again = false;
        this.take(await this.#options.fetch(this.#after));
      } while (this.#again);
    } catch (fault) {
      console.warn("Homeshore: signals could not be fetched", fault); // the next whisper or look finds them
    } finally {
      this.#looking = false;
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
