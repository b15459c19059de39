/**
 * The server's clock, as well as this browser can know it: one tick a second for the whole page.
 * Countdowns read `clock.now`, never `Date.now()`: a home computer may be minutes wrong.
 */
export class ServerClock {
  /** Milliseconds since the epoch, on the server, at the last tick. */
  now = $state(Date.now());
  #offset = 0;
  #bestTrip = Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Learn from an answer: what the server said, and how long the question took (the shorter, the surer). */
  learn(serverTime: string | number, sentAt: number, receivedAt: number): void {
    const trip = receivedAt - sentAt;
    if (trip > this.#bestTrip * 1.5) return;
    this.#bestTrip = Math.min(trip, this.#bestTrip);
    this.#offset = new Date(serverTime).getTime() + trip / 2 - receivedAt;
    this.now = this.read();
  }

  /** The server's time this instant. */
  read(): number {
    return Date.now() + this.#offset;
  }

  /** Tick at each whole second of the server until the returned function is called. */
  start(): () => void {
    const tick = (): void => {
      this.now = this.read();
      this.#timer = setTimeout(tick, 1000 - (this.now % 1000) + 5);
    };
    tick();
    return () => clearTimeout(this.#timer);
  }
}

export const clock = new ServerClock();
