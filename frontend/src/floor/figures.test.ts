import { describe, expect, test } from "vitest";
import { agentFigures, queueFigures, serviceLevel, tallyByQuarter, tallyOfDay } from "./figures";
import { agent, ago, contact, floor, offer, queue, work } from "./scenes";
import { NOTHING } from "./state";

describe("the service level", () => {
  const closed = { state: "closed" as const, closed_at: ago(10) };
  const answered = { ...closed, outcome: "handled" as const, answered_at: ago(40) };

  test("is the share answered in time, and nothing while nothing counts", () => {
    expect(serviceLevel(NOTHING)).toBeNull();
    expect(serviceLevel({ ...NOTHING, arrived: 4, answered: 3, in_target: 2, abandoned: 1, abandoned_late: 1 })).toBe(0.5);
  });

  test("does not count who left before the target had passed", () => {
    const left = { ...closed, outcome: "abandoned" as const };
    const contacts = [
      contact({ ...answered, id: 1, answered_in_target: true }),
      contact({ ...left, id: 2, arrived_at: ago(69) }),
      contact({ ...left, id: 3, arrived_at: ago(70) }),
    ];
    const tally = tallyOfDay(floor({ contacts }));
    expect(tally).toEqual({ arrived: 3, answered: 1, in_target: 1, abandoned: 2, abandoned_late: 1 });
    expect(serviceLevel(tally)).toBe(0.5);
  });

  test("counts neither what was cancelled nor what came yesterday", () => {
    const contacts = [contact({ ...closed, id: 1, outcome: "cancelled" }), contact({ ...answered, id: 2, arrived_at: ago(13 * 3600) })];
    expect(tallyOfDay(floor({ contacts }))).toEqual({ ...NOTHING, arrived: 1 });
  });

  test("adds what the snapshot had counted already, by queue and by quarter", () => {
    const settled = { ...NOTHING, arrived: 5, answered: 5, in_target: 4 };
    const state = floor({ contacts: [contact()], tally: { queues: { 1: settled }, quarters: { 47: settled } } });
    expect(tallyOfDay(state).arrived).toBe(6);
    expect(tallyByQuarter(state).get(47)?.arrived).toBe(6);
  });
});

describe("how an agent stands", () => {
  const stands = (more: Parameters<typeof floor>[0]): unknown => agentFigures(floor(more)).map(({ standing, since }) => [standing, since])[0];

  test("lost before all else, since the line went", () => {
    const agents = [agent({ line_lost_at: ago(38) })];
    expect(stands({ agents, assignments: [work()], offers: [offer()] })).toEqual(["lost", Date.parse(ago(38))]);
  });
  test("offered before busy, busy before wrapping up", () => {
    expect(stands({ assignments: [work()], offers: [offer()] })).toEqual(["offered", Date.parse(ago(5))]);
    expect(stands({ assignments: [work({ id: 2, state: "wrap_up", closed_at: ago(3) }), work()] })).toEqual(["busy", Date.parse(ago(20))]);
    expect(stands({ assignments: [work({ state: "wrap_up", closed_at: ago(3) })] })).toEqual(["wrap-up", Date.parse(ago(3))]);
  });
  test("still busy on a break while a contact is in hand", () => {
    expect(stands({ agents: [agent({ state: "break", reason: "lunch" })], assignments: [work()] })).toEqual(["busy", Date.parse(ago(20))]);
  });
  test("ready since they last finished something, or since they said so", () => {
    expect(stands({ agents: [agent({ finished_at: ago(52) })] })).toEqual(["ready", Date.parse(ago(52))]);
    expect(stands({ agents: [agent({ since: ago(9), finished_at: ago(52) })] })).toEqual(["ready", Date.parse(ago(9))]);
  });
});

describe("the load", () => {
  test("an offer and a wrap-up take a place", () => {
    const [figures] = agentFigures(floor({ assignments: [work({ state: "wrap_up" })], offers: [offer()] }));
    expect(figures?.load).toEqual([{ channel: "chat", taken: 2, places: 3 }]);
  });
  test("who has no place left, is away, offered another, or not skilled, is not free", () => {
    const full = [1, 2, 3].map((id) => work({ id, agent: 1 }));
    const agents = [agent(), agent({ id: 2, state: "break" }), agent({ id: 3 }), agent({ id: 4, queues: [] }), agent({ id: 5 })];
    const [figures] = queueFigures(floor({ agents, assignments: full, offers: [offer({ agent: 3 })] }));
    expect([figures?.free, figures?.staffed]).toEqual([1, 3]);
  });
});

test("the oldest of a queue is the one who came first, offered or not", () => {
  const contacts = [contact({ id: 1, arrived_at: ago(10) }), contact({ id: 2, arrived_at: ago(40), state: "offered" }), contact({ id: 3, arrived_at: ago(90), state: "active" })];
  const [figures] = queueFigures(floor({ contacts, queues: [queue()] }));
  expect([figures?.waiting.map((each) => each.id), figures?.inHand.map((each) => each.id), figures?.oldest]).toEqual([[2, 1], [3], Date.parse(ago(40))]);
});
