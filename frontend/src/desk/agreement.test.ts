import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { apply, fromSnapshot } from "./state";
import type { Snapshot } from "./types";

/** Recorded from the real server by tests/e2e/test_desk_agreement.py, which runs this file. */
const recording = process.env.HOMESHORE_DESK_RECORDING;

interface Recording {
  before: Snapshot;
  events: { kind: string; payload: unknown }[];
  after: Snapshot;
}

test.runIf(recording)("a snapshot and the events after it are the same as a fresh snapshot", () => {
  const { before, events, after } = JSON.parse(readFileSync(recording as string, "utf8")) as Recording;
  const followed = events.reduce((state, event) => apply(state, event.kind, event.payload), fromSnapshot(before));
  expect(followed).toEqual(fromSnapshot(after));
});
