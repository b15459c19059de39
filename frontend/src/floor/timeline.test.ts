import { expect, test } from "vitest";
import { stretchOf, steps } from "./axis";
import { ago, NOON, offer, work } from "./scenes";
import { linesOf, timelineOf } from "./timeline";
import type { Day } from "./types";

function day(more: Partial<Day> = {}): Day {
  return {
    agent: { id: 1, name: "Inês Carvalho", simulated: false, status: "employee" }, now: new Date(NOON).toISOString(),
    day: { date: "2026-11-24", begins: "2026-11-23T23:00:00Z", ends: "2026-11-24T23:00:00Z" }, presence: [], offers: [], work: [], acts: [], currency: "EUR", ...more,
  };
}

test("a day without a sign has no timeline", () => {
  expect(timelineOf(day({ presence: [{ state: "offline", reason: "", since: ago(600), until: null }] }))).toBeNull();
});

test("contacts held side by side are drawn one under the other, and a row is used again when it is free", () => {
  const held = [
    work({ id: 1, opened_at: ago(300), closed_at: ago(200), ended_at: ago(190), why: "closed" }),
    work({ id: 2, opened_at: ago(250), closed_at: ago(150), ended_at: ago(150), why: "closed" }),
    work({ id: 3, opened_at: ago(180) }),
  ];
  const drawn = timelineOf(day({ work: held }));
  expect(drawn?.rows).toBe(2);
  expect(drawn?.work.map(({ kind, row }) => [kind, row])).toEqual([["active", 0], ["wrap-up", 0], ["active", 1], ["active", 0]]);
  expect(drawn?.work.at(-1)?.to).toBe(NOON);
});

test("a lost line is a stretch of its own, cut at the ends of the day", () => {
  const presence = [
    { state: "ready", reason: "", since: "2026-11-23T22:00:00Z", until: ago(60) },
    { state: "line_lost", reason: "", since: ago(60), until: null },
  ];
  const drawn = timelineOf(day({ presence }));
  expect(drawn?.presence.map(({ kind, from, to }) => [kind, from, to])).toEqual([
    ["ready", Date.parse("2026-11-23T23:00:00Z"), NOON - 60_000],
    ["lost", NOON - 60_000, NOON],
  ]);
});

test("everything that happened is a line, the latest first", () => {
  const lines = linesOf(day({ work: [work({ opened_at: ago(20) })], offers: [{ ...offer({ offered_at: ago(25) }), ended_at: ago(20), contest: "" }] }));
  expect(lines.map(({ what, lasted }) => [what, lasted])).toEqual([["work", 20_000], ["offer", 5000]]);
});

test("charts begin at an hour, before the first contact, and end with this hour", () => {
  expect(stretchOf([46], Date.parse("2026-11-23T23:00:00Z"), NOON)).toEqual({ from: 44, to: 52, current: 48 });
  expect(steps(7)).toEqual([0, 2, 4, 6, 8]);
});
