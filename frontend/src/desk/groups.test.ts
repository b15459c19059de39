import { expect, test } from "vitest";
import { groups, mostUrgent, urgency, waitingSince } from "./groups";
import { message, NOON, work } from "./sample";
import type { ChannelName, Work } from "./types";

const now = Date.parse(NOON);
const at = (seconds: number): string => new Date(now + seconds * 1000).toISOString();

function held(id: number, channel: ChannelName, changes: { opened?: number; due?: number; said?: [Work["messages"][0]["kind"], number][] } = {}): Work {
  const base = work();
  return work({
    assignment: { ...base.assignment, id, opened_at: at(changes.opened ?? 0) },
    contact: { ...base.contact, id, channel, due_at: at(changes.due ?? 0) },
    messages: (changes.said ?? [["inbound", 0]]).map(([kind, seconds], index) => message({ id: index, kind, at: at(seconds) })),
  });
}

test("live ones stay as they came, e-mails stand by the time they are due", () => {
  const all = [held(1, "email", { due: 900 }), held(2, "chat", { opened: 5 }), held(3, "email", { due: 60 }), held(4, "chat", { opened: 1 })];
  expect(groups(all).map((group) => [group.name, group.work.map((each) => each.contact.id)])).toEqual([
    ["live", [4, 2]],
    ["email", [3, 1]],
  ]);
});

test("a customer waits since their first word after ours", () => {
  expect(waitingSince(held(1, "chat", { said: [["inbound", 0], ["outbound", 5], ["inbound", 9], ["note", 10], ["inbound", 12]] }))).toBe(at(9));
  expect(waitingSince(held(1, "chat", { said: [["inbound", 0], ["outbound", 5]] }))).toBeNull();
});

test("the most urgent is the chat that has waited longest, else the e-mail due first", () => {
  const mails = [held(1, "email", { due: 900 }), held(2, "email", { due: 60 })];
  expect(mostUrgent([...mails, held(3, "chat", { said: [["inbound", -9]] }), held(4, "chat", { said: [["inbound", -90]] })])?.contact.id).toBe(4);
  expect(mostUrgent([...mails, held(3, "chat", { said: [["outbound", -9]] })])?.contact.id).toBe(2);
});

test("a chat nears its limit by its silence, an e-mail by its due time", () => {
  const said = (seconds: number): Work => held(1, "chat", { said: [["inbound", -seconds]] });
  expect([22, 108, 200].map((seconds) => urgency(said(seconds), now))).toEqual(["calm", "soon", "now"]);
  expect([3600, 600, -1].map((due) => urgency(held(1, "email", { due }), now))).toEqual(["calm", "soon", "now"]);
});
