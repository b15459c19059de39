import { describe, expect, it } from "vitest";
import { places, type Message } from "../shared/i18n";
import { kilobits, measured, median } from "./data";
import { browserName, connectionBy, headsetBy } from "./home";
import { decibels, levelAt, SILENCE_DB } from "./room";
import { english, french } from "./words";

describe("what the microphone hears", () => {
  it("is measured in decibels of full scale", () => {
    const tone = (amplitude: number): number[] => Array.from({ length: 480 }, (_, n) => amplitude * Math.sin((2 * Math.PI * n) / 48));
    expect(decibels(tone(1))).toBeCloseTo(-3.01, 2);
    expect(decibels(tone(0.1))).toBeCloseTo(-23.01, 2);
    expect(decibels(tone(0))).toBe(SILENCE_DB);
    expect(decibels([])).toBe(SILENCE_DB);
  });

  it("tells the voice by its loud moments and the room by its median", () => {
    const levels = [-60, -60, -58, -20, -22, -21, -60, -59, -60, -61];
    expect(levelAt(levels, 0.9)).toBe(-20);
    expect(levelAt(levels, 0.5)).toBe(-59);
    expect(levelAt([], 0.5)).toBe(SILENCE_DB);
  });
});

describe("the throughput", () => {
  it("is in kilobits a second", () => {
    expect(kilobits(500_000, 1000)).toBe(4000);
    expect(kilobits(1, 0)).toBe(0);
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBe(0);
  });
});

describe("a line faster than the measure", () => {
  it("is asked for no more than a check may ask", async () => {
    let asked = 0;
    await measured(async () => ++asked);
    expect(asked).toBe(20);
  });
});

describe("what the browser tells of a home", () => {
  it("knows headsets by the names of microphones, and asks where it does not", () => {
    expect(headsetBy("Jabra Evolve2 40 (USB)")).toBe("wired");
    expect(headsetBy("Casque Bluetooth de Paul")).toBe("bluetooth");
    expect(headsetBy("Built-in Audio Analog Stereo")).toBe("");
    expect(connectionBy("ethernet")).toBe("wired");
    expect(connectionBy(undefined)).toBe("");
  });

  it("names the browser in short", () => {
    expect(browserName("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36")).toBe("Chrome 131");
    expect(browserName("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0")).toBe("Firefox 132");
  });
});

describe("words of the line check", () => {
  it("have the same places in French and in English", () => {
    const inPlaces = (words: Record<string, Message>): object => Object.fromEntries(Object.entries(words).map(([key, message]) => [key, places(message)]));
    expect(inPlaces(french)).toEqual(inPlaces(english));
  });
});
