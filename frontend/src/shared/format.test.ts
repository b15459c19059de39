import { describe, expect, test } from "vitest";
import { counter, createFormat, frenchSpacing, spoken } from "./format";

const french = createFormat("fr", "Europe/Paris");
const english = createFormat("en", "Europe/Paris");
const visible = (text: string): string => text.replaceAll("\u202f", "~").replaceAll("\u00a0", "_");

describe("durations", () => {
  test("count in minutes and seconds under an hour, in hours above", () => {
    expect([0, 22, 108, 3599, 3600, 6480].map(counter).map(visible)).toEqual(["0:00", "0:22", "1:48", "59:59", "1_h_00", "1_h_48"]);
  });
  test("are said with their units inside a sentence", () => {
    expect([41, 180, 192, 6480].map(spoken).map(visible)).toEqual(["41_s", "3_min", "3_min_12", "1_h_48"]);
  });
  test("never fall below nothing", () => expect([counter(-3), spoken(-3)].map(visible)).toEqual(["0:00", "0_s"]));
});

describe("sums", () => {
  test("have two decimals and narrow spaces in French", () => expect(visible(french.money(103720, "EUR"))).toBe("1~037,20~€"));
  test("put the sign first in English", () => expect(english.money(2130, "EUR")).toBe("€21.30"));
  test("say the currency of a range once in French", () => {
    expect(visible(french.moneyRange(4200, 5400, "EUR"))).toBe("42,00 à 54,00~€");
    expect(visible(french.moneyRange(240, 240, "EUR"))).toBe("2,40~€");
    expect(english.moneyRange(4200, 5400, "EUR")).toBe("€42.00 to €54.00");
  });
});

describe("times", () => {
  test("are told in the operator's zone, whatever the browser's", () => {
    expect(french.time("2026-11-24T09:42:07Z")).toBe("10:42");
    expect(french.exactTime("2026-11-24T08:05:07Z")).toBe("9:05:07");
    expect(french.day("2026-11-24T23:30:00Z")).toBe("Mercredi 25 novembre");
  });
  test("call the first of a month the first in French, and no other day so", () => {
    const days = ["2026-11-01T12:00:00Z", "2026-11-11T12:00:00Z", "2026-11-21T12:00:00Z"];
    expect(days.map(french.day)).toEqual(["Dimanche 1er novembre", "Mercredi 11 novembre", "Samedi 21 novembre"]);
    expect(french.shortDay("2026-11-01T12:00:00Z", Date.parse("2026-11-24T09:42:00Z"))).toBe("1er nov.");
    expect(english.day("2026-11-01T12:00:00Z")).toBe("Sunday 1 November");
  });
  test("of another day become a date, with its year when it is another one", () => {
    const now = Date.parse("2026-11-24T09:42:00Z");
    expect(french.moment("2026-11-24T08:00:00Z", now)).toBe("9:00");
    expect(french.moment("2026-11-17T08:00:00Z", now)).toBe("17 nov.");
    expect(french.moment("2025-06-03T08:00:00Z", now)).toBe("3 juin 2025");
  });
});

test("sizes of files read as people say them", () => {
  expect([412, 412_000, 2_340_000].map((size) => visible(french.bytes(size)))).toEqual(["412_o", "412_Ko", "2,3_Mo"]);
});

test("French spaces are those of print", () => {
  expect(visible(frenchSpacing("Pas le temps ? « Bonjour » : oui !"))).toBe("Pas le temps~? «~Bonjour~»_: oui~!");
});
