import { describe, expect, it } from "vitest";
import * as call from "../call/words";
import { places, type Message } from "../shared/i18n";
import { deviceOfPage } from "./device";
import { loudness } from "./level";
import { countedIn, measureBetween, type Counted } from "./measure";
import { LOOP_SECONDS, loopNotes } from "./music";
import * as phone from "./words";

const inPlaces = (words: Record<string, Message>): object =>
  Object.fromEntries(Object.entries(words).map(([key, message]) => [key, places(message)]));

describe("words of calls", () => {
  it("have the same places in French and in English", () => {
    expect(inPlaces(phone.french)).toEqual(inPlaces(phone.english));
    expect(inPlaces(call.french)).toEqual(inPlaces(call.english));
  });
});

describe("loudness", () => {
  const tone = (amplitude: number): number[] => Array.from({ length: 480 }, (_, n) => amplitude * Math.sin((2 * Math.PI * n) / 48));

  it("is nothing for silence, nearly all at full scale, and falls by the ear's measure", () => {
    expect(loudness(tone(0))).toBe(0);
    expect(loudness(tone(1))).toBeCloseTo(1 - 3.01 / 60, 3);
    expect(loudness(tone(0.1))).toBeCloseTo(1 - 23.01 / 60, 3);
    expect(loudness([])).toBe(0);
  });
});

describe("the waiting music", () => {
  it("fills its loop without a gap, and ends in tune with its beginning", () => {
    const notes = loopNotes();
    expect(notes[0]?.at).toBe(0);
    const starts = notes.map((note) => note.at);
    expect(starts).toEqual([...starts].sort((one, other) => one - other));
    expect(Math.max(...starts)).toBeLessThan(LOOP_SECONDS);
    expect(notes.every((note, index) => note.at + note.seconds >= (notes[index + 1]?.at ?? note.at))).toBe(true);
    expect(notes.every((note) => note.hertz > 150 && note.hertz < 600)).toBe(true);
  });
});

describe("the device of a page", () => {
  it("stays the same while the tab lives", () => {
    const kept = new Map<string, string>();
    const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) } as Storage;
    const first = deviceOfPage(storage);
    expect(first).toMatch(/^[\w-]{8,40}$/);
    expect(deviceOfPage(storage)).toBe(first);
    expect(deviceOfPage(null)).not.toBe(first);
  });
});

describe("what was received", () => {
  const counted: Counted = { received: 1000, lost: 10, discarded: 0, jitterSeconds: 0.004, roundTripSeconds: 0.05, bufferSeconds: 20, bufferedSamples: 960_000 };

  it("is the difference of two counts", () => {
    const later = { ...counted, received: 1230, lost: 25, discarded: 5, bufferSeconds: 26, bufferedSamples: 1_200_000 };
    expect(measureBetween(counted, later)).toEqual({ loss: 20 / 245, jitter_ms: 4, round_trip_ms: 50, buffer_ms: 0.025 });
  });

  it("is nothing when nothing came, and all lost when only losses did", () => {
    expect(measureBetween(counted, counted)).toBeNull();
    expect(measureBetween(counted, { ...counted, lost: 60 })?.loss).toBe(1);
  });

  it("is read from the browser's reports", () => {
    const reports = new Map<string, unknown>([
      ["in", { type: "inbound-rtp", kind: "audio", packetsReceived: 5, packetsLost: 1, jitter: 0.002, jitterBufferDelay: 1, jitterBufferEmittedCount: 48 }],
      ["pair", { type: "candidate-pair", nominated: true, state: "succeeded", currentRoundTripTime: 0.03 }],
    ]);
    expect(countedIn(reports)).toEqual({ received: 5, lost: 1, discarded: 0, jitterSeconds: 0.002, roundTripSeconds: 0.03, bufferSeconds: 1, bufferedSamples: 48 });
    expect(countedIn(new Map())).toBeNull();
  });
});
