/** The stretch of the day that charts show, in quarters of an hour since the day began. Pure. */

export interface Stretch {
  /** First quarter shown, and the one after the last. */
  from: number;
  to: number;
  /** The quarter that runs now, or null when the day is over. */
  current: number;
}

const QUARTER_MS = 15 * 60_000;
const LEAST_HOURS = 2;

/** From the hour of the first contact (or an hour ago, whichever is earlier) to the end of this hour; two hours at least. */
export function stretchOf(quarters: Iterable<number>, dayBegins: number, now: number): Stretch {
  const current = Math.floor((now - dayBegins) / QUARTER_MS);
  const first = Math.min(current - 4, ...quarters);
  const to = Math.ceil((current + 1) / 4) * 4;
  const from = Math.max(0, Math.min(Math.floor(first / 4) * 4, to - LEAST_HOURS * 4));
  return { from, to: Math.max(to, from + LEAST_HOURS * 4), current };
}

/** Round figures up to and above `most`: at most four steps. */
export function steps(most: number): number[] {
  const sizes = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000];
  const size = sizes.find((each) => each * 4 >= most) ?? Math.ceil(most / 4);
  return Array.from({ length: Math.max(2, Math.ceil(most / size)) + 1 }, (_, index) => index * size);
}
