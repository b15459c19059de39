import { describe, expect, it } from "vitest";
import * as call from "../call/words";
import { places, type Message } from "../shared/i18n";
import { deviceOfPage } from "./device";
import { loudness } from "./level";
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
