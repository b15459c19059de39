/** An agent's day as lanes to draw and lines to read. Pure. */
import type { Day } from "./types";

export interface Bar {
  from: number;
  to: number;
  /** What it is: a presence state, active, wrap-up. */
  kind: "ready" | "break" | "lost" | "active" | "wrap-up";
  row: number;
}
export interface Mark {
  at: number;
  kind: string;
}
export interface Timeline {
  from: number;
  to: number;
  presence: Bar[];
  work: Bar[];
  /** Rows of work drawn one under the other: contacts held side by side. */
  rows: number;
  offers: Mark[];
  acts: Mark[];
}

const HOUR_MS = 3_600_000;
const PRESENCE: Record<string, Bar["kind"]> = { ready: "ready", break: "break", line_lost: "lost" };

/** What there is to draw, or null for a day without any sign of the agent. */
export function timelineOf(day: Day): Timeline | null {
  const begins = Date.parse(day.day.begins);
  const ends = Math.min(Date.parse(day.day.ends), Date.parse(day.now));
  const within = (iso: string | null): number => Math.min(Math.max(iso ? Date.parse(iso) : ends, begins), ends);
  const presence = day.presence
    .filter((span) => span.state in PRESENCE)
    .map((span) => ({ from: within(span.since), to: within(span.until), kind: PRESENCE[span.state] as Bar["kind"], row: 0 }))
    .filter((bar) => bar.to > bar.from);
  const work: Bar[] = [];
  const free: number[] = [];
  for (const each of day.work) {
    const from = within(each.opened_at);
    const closed = within(each.closed_at ?? each.ended_at);
    const to = within(each.ended_at);
    const found = free.findIndex((until) => until <= from);
    const row = found < 0 ? free.length : found;
    free[row] = to;
    work.push({ from, to: closed, kind: "active", row });
    if (to > closed) work.push({ from: closed, to, kind: "wrap-up", row });
  }
  const offers = day.offers.map((offer) => ({ at: within(offer.offered_at), kind: offer.state }));
  const acts = day.acts.map((act) => ({ at: within(act.at), kind: "act" }));
  const times = [...presence, ...work].flatMap((bar) => [bar.from, bar.to]).concat([...offers, ...acts].map((mark) => mark.at));
  if (times.length === 0) return null;
  const first = Math.min(...times);
  const last = Math.max(...times);
  const unit = last - first > 2 * HOUR_MS ? HOUR_MS : HOUR_MS / 4;
  const from = Math.floor(first / unit) * unit;
  return { from, to: Math.max(Math.ceil(last / unit) * unit, from + unit), presence, work, rows: Math.max(1, free.length), offers, acts };
}

export interface DayLine {
  key: string;
  at: number;
  lasted: number | null;
  what: "presence" | "offer" | "work" | "act";
  /** The entry that it tells of, in its list of the day. */
  index: number;
}

/** Everything that happened, the latest first. */
export function linesOf(day: Day): DayLine[] {
  const now = Date.parse(day.now);
  const span = (from: string, to: string | null): number => (to ? Date.parse(to) : now) - Date.parse(from);
  return [
    ...day.presence.map((each, index) => ({ key: `p${index}`, at: Date.parse(each.since), lasted: span(each.since, each.until), what: "presence" as const, index })),
    ...day.offers.map((each, index) => ({ key: each.id, at: Date.parse(each.offered_at), lasted: span(each.offered_at, each.ended_at), what: "offer" as const, index })),
    ...day.work.map((each, index) => ({ key: `w${each.id}`, at: Date.parse(each.opened_at), lasted: span(each.opened_at, each.closed_at ?? each.ended_at), what: "work" as const, index })),
    ...day.acts.map((each, index) => ({ key: `a${each.id}`, at: Date.parse(each.at), lasted: null, what: "act" as const, index })),
  ].sort((one, other) => other.at - one.at);
}
