import { describe, expect, it } from "vitest";
import { places, type Message } from "../shared/i18n";
import { isCardField } from "../softphone/cards";
import { pathOf, peaksOf } from "./sound";
import { english, french } from "./words";

describe("the bars of a recording", () => {
  it("show the loudest moment of each part, and no sound that is not there", () => {
    expect(peaksOf([0, 0.25, -0.5, 0, 0, 0, 1, 0], 4)).toEqual([0.25, 0.5, 0, 1]);
    expect(peaksOf([], 2)).toEqual([0, 0]);
  });

  it("are drawn around their middle, silence as a thin line", () => {
    expect(pathOf([0, 1], 20, 16)).toBe("M0.5 19.5V20.5M1.5 4.0V36.0");
  });
});

describe("a field for a card", () => {
  const field = (autocomplete: string, marked = false): EventTarget =>
    ({ getAttribute: () => autocomplete, closest: () => (marked ? {} : null) }) as unknown as EventTarget;

  it("is known by what it says it is for, or by our mark", () => {
    expect(["cc-number", "section-pay cc-csc", "billing cc-exp"].map((each) => isCardField(field(each)))).toEqual([true, true, true]);
    expect(["", "off", "email", "access-number"].map((each) => isCardField(field(each)))).toEqual([false, false, false, false]);
    expect([isCardField(field("off", true)), isCardField(null)]).toEqual([true, false]);
  });
});

describe("words of the player", () => {
  it("have the same places in French and in English", () => {
    const inPlaces = (words: Record<string, Message>): object => Object.fromEntries(Object.entries(words).map(([key, message]) => [key, places(message)]));
    expect(inPlaces(french)).toEqual(inPlaces(english));
  });
});
