/**
 * A snapshot with the events after it shows the same floor as a fresh snapshot. The server writes the scenario:
 * tests/integration/web/test_floor_feed.py runs this test on one that it has just lived through.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { agentFigures, queueFigures, tallyByQuarter, tallyOfDay } from "./figures";
import { apply, fromSnapshot, type FloorState } from "./state";
import type { Happening, Snapshot } from "./types";

interface Scenario {
  before: Snapshot;
  events: Happening[];
  after: Snapshot;
}
const path = process.env.FLOOR_SCENARIO ?? new URL("scenario.sample.json", import.meta.url);
const scenario = JSON.parse(readFileSync(path, "utf8")) as Scenario;

/** All that the screen draws of a state, in an order that is not the order of arrival. */
function drawn(state: FloorState): unknown {
  const agents = agentFigures(state);
  return {
    queues: queueFigures(state, agents).map(({ queue, waiting, inHand, ...rest }) => ({ ...rest, queue: queue.id, waiting, inHand })),
    agents: agents.map(({ agent, standing, since, load }) => ({ agent: agent.id, line: agent.line, standing, since, load })).sort((one, other) => one.agent - other.agent),
    offers: [...state.offers.values()].sort((one, other) => one.id.localeCompare(other.id)),
    work: [...state.work.values()].sort((one, other) => one.id - other.id),
    quarters: [...tallyByQuarter(state)].sort(([one], [other]) => one - other),
    day: tallyOfDay(state),
    gaps: [...state.gaps],
    contests: [...state.contests.keys()],
    choices: [...state.choices.keys()],
    calls: [...state.calls.values()].sort((one, other) => one.id - other.id),
    callbacks: [...state.callbacks.values()].sort((one, other) => one.contact - other.contact),
  };
}

describe("a floor followed by push", () => {
  const begun = fromSnapshot(scenario.before);

  test("shows what a fresh snapshot shows", () => {
    expect(scenario.events.length).toBeGreaterThan(20);
    expect(drawn(scenario.events.reduce(apply, begun))).toEqual(drawn(fromSnapshot(scenario.after)));
  });

  test("is the same when events come that the snapshot already knew", () => {
    const after = fromSnapshot(scenario.after);
    const contacts = scenario.events.filter((event) => event.kind === "contact.changed");
    const last = [...new Map(contacts.map((event) => [(event.payload as { contact: { id: number } }).contact.id, event])).values()];
    expect(drawn(last.reduce(apply, after))).toEqual(drawn(after));
  });

  test("is not changed by an event of a kind it does not know", () => {
    const strange = { position: "0.999999", kind: "weather.changed", payload: {}, at: scenario.after.now };
    expect(drawn(apply(begun, strange))).toEqual(drawn(begun));
  });
});
