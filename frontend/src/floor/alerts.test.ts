import { describe, expect, test } from "vitest";
import { alerts, type Alert } from "./alerts";
import { agentFigures, queueFigures } from "./figures";
import { agent, ago, contact, floor, NOON, queue, work } from "./scenes";
import { apply } from "./state";

function alertsOf(more: Parameters<typeof floor>[0]): Alert[] {
  const state = floor(more);
  const agents = agentFigures(state);
  return alerts(state, queueFigures(state, agents), agents, NOON);
}
const brief = (more: Parameters<typeof floor>[0]): string[] => alertsOf(more).map((each) => `${each.tone} ${each.kind}`);

describe("what needs someone", () => {
  test("a calm floor needs nobody", () => {
    expect(brief({ contacts: [contact({ arrived_at: ago(20) })] })).toEqual([]);
  });
  test("soon when most of the target has passed, now when all of it has", () => {
    expect(brief({ contacts: [contact({ arrived_at: ago(45) })] })).toEqual(["amber waits"]);
    expect(brief({ contacts: [contact({ arrived_at: ago(61) })] })).toEqual(["coral waits"]);
  });
  test("now when contacts wait and nobody is there", () => {
    expect(brief({ contacts: [contact({ arrived_at: ago(5) })], agents: [agent({ state: "offline" })] })).toEqual(["coral nobody"]);
  });
  test("now when contacts wait for a skill that nobody on the floor has", () => {
    const queues = [queue({ unmet: [{ skill: "Portugais", level: 4, best: 3 }] })];
    expect(brief({ queues })).toEqual([]);
    expect(brief({ queues, contacts: [contact({ arrived_at: ago(5) })] })).toEqual(["coral unmet"]);
  });
  test("a lost line that holds contacts, not one that holds none", () => {
    const agents = [agent({ line_lost_at: ago(10) })];
    expect(brief({ agents })).toEqual([]);
    const held = { contacts: [contact({ state: "active", agent: 1 })], assignments: [work()] };
    expect(brief({ agents, ...held })).toEqual(["coral lost"]);
  });
  test("an agent on a call who asks for help comes before all, until somebody comes", () => {
    const call = { id: 7, contact: 1, state: "talking" as const, agent: 1, answered_at: ago(90), held_since: null, hand_raised_at: ago(5), companions: [] };
    const calls = { calls: [call], contacts: [contact({ arrived_at: ago(61) })] };
    expect(brief(calls)).toEqual(["coral hand", "coral waits"]);
    const come = { ...call, hand_raised_at: null, companions: [{ id: 1, name: "Hélène", part: "listen" as const, round: 1, colleague: null, outside: false, passes_on: false }] };
    expect(brief({ ...calls, calls: [come] })).toEqual(["coral waits"]);
  });
  test("a line that rests from calls, while its agent is there, until it is well again", () => {
    const line = { mos: 2.9, bar: 3.6, since: ago(120), until: ago(-480) };
    expect(brief({ agents: [agent({ line })] })).toEqual(["amber weak_line"]);
    expect(brief({ agents: [agent({ line, state: "offline" })] })).toEqual([]);
    const told = (payload: unknown) => ({ position: "0.2", kind: "call.line", payload, at: ago(0) });
    const weak = apply(floor({}), told({ agent: 1, line }));
    expect(weak.agents.get(1)?.line).toEqual(line);
    expect(apply(weak, told({ agent: 1, line: null })).agents.get(1)?.line).toBeNull();
    expect(apply(weak, told({ agent: 99, line })).agents.size).toBe(1);
  });
  test("mails half an hour before they are due, and once they are late", () => {
    const queues = [queue({ channel: "email", target_seconds: 4 * 3600 })];
    expect(brief({ queues, contacts: [contact({ arrived_at: ago(3 * 3600) })] })).toEqual([]);
    expect(brief({ queues, contacts: [contact({ arrived_at: ago(3.6 * 3600) })] })).toEqual(["amber mails_due"]);
    expect(brief({ queues, contacts: [contact({ arrived_at: ago(4.1 * 3600) })] })).toEqual(["coral mails_due"]);
  });
  test("mails that wait for someone, as many as the server last said", () => {
    const concerns = { gaps: [], contests: [], choices: [], set_aside: 2, undelivered: 1 };
    expect(brief({ concerns })).toEqual(["amber undelivered", "amber set_aside"]);
    const event = { position: "0.2", kind: "mail.waiting", payload: { set_aside: 0, undelivered: 0 }, at: ago(0) };
    const settled = apply(floor({ concerns }), event);
    expect([settled.setAside, settled.undelivered]).toEqual([0, 0]);
  });
  test("now comes before soon, and what is later against its target first", () => {
    const queues = [queue(), queue({ id: 2 }), queue({ id: 3 })];
    const contacts = [contact({ id: 1, arrived_at: ago(50) }), contact({ id: 2, queue: 2, arrived_at: ago(70) }), contact({ id: 3, queue: 3, arrived_at: ago(200) })];
    const agents = [agent({ queues: [1, 2, 3] })];
    const concerns = { gaps: [{ queue: 1, acts: 2 }], contests: [], choices: [], set_aside: 1, undelivered: 0 };
    expect(alertsOf({ queues, contacts, agents, concerns }).map((each) => each.id)).toEqual(["queue-3", "queue-2", "queue-1", "gap-1", "set_aside"]);
  });
});
