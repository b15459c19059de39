import { describe, expect, it } from "vitest";
import { createFormat } from "../shared/format";
import { places, type Message } from "../shared/i18n";
import { waitSentence } from "../shared/waits";
import type { Visit } from "./api";
import { initials, openingInWords } from "./brand";
import { problemOf } from "./files";
import { pieces } from "./links";
import { catalogues, ordinal, translator } from "./words";

describe("words", () => {
  it("have the same places in French and in English", () => {
    const inPlaces = (words: Record<string, Message>): object =>
      Object.fromEntries(Object.entries(words).map(([key, message]) => [key, places(message)]));
    expect(inPlaces(catalogues.fr)).toEqual(inPlaces(catalogues.en));
  });

  it("count places as each language does", () => {
    expect([1, 2, 11].map((place) => ordinal(place, "fr").join(""))).toEqual(["1re", "2e", "11e"]);
    expect([1, 2, 3, 4, 11, 22].map((place) => ordinal(place, "en").join(""))).toEqual(["1st", "2nd", "3rd", "4th", "11th", "22nd"]);
  });

  it("say waits without false precision", () => {
    const words = translator("fr");
    const said = (low: number, high: number): string => words(...waitSentence({ low_seconds: low, high_seconds: high }));
    expect([said(0, 60), said(0, 120), said(120, 300)].map((each) => each.replaceAll(/\s/g, " "))).toEqual([
      "Moins d’une minute d’attente",
      "Moins de 2 minutes d’attente",
      "Entre 2 et 5 minutes d’attente",
    ]);
  });
});

describe("opening hours in words", () => {
  const visit = (opening: Partial<Visit["opening"]>): Visit => ({
    token: "",
    now: "2026-11-24T09:00:00Z",
    brand: {
      name: "Maison Lavande",
      tones: { day: tones, night: tones },
      greeting: {},
      privacy_url: "",
      time_zone: "Europe/Paris",
    },
    opening: { is_open: false, until: null, opens_at: null, holiday: "", ...opening },
    answers_by_mail: false,
    takes_calls: false,
    limits: { text: 10, upload_bytes: 10, upload_kinds: [] },
    thread: null,
  });
  const tones = { accent: "#000000", on: "#ffffff", tint: "#ffffff", line: "#ffffff" };
  const said = (opening: Partial<Visit["opening"]>, language: "fr" | "en" = "fr"): string =>
    openingInWords(visit(opening), opening.is_open ?? false, translator(language), createFormat(language, "Europe/Paris")).replace(
      / \(Paris\)$/,
      "",
    );

  it("say until when, in the brand's own time", () => {
    expect(said({ is_open: true, until: "2026-11-24T19:00:00Z" })).toBe("Ouvert jusqu’à 20:00");
    expect(said({ is_open: true })).toBe("Ouvert");
  });

  it("say when it opens: today, tomorrow, on a day, on a date", () => {
    expect(said({ opens_at: "2026-11-24T13:00:00Z" })).toBe("Fermé, ouvre aujourd’hui à 14:00");
    expect(said({ opens_at: "2026-11-25T08:00:00Z" })).toBe("Fermé, ouvre demain à 9:00");
    expect(said({ opens_at: "2026-11-28T08:00:00Z" }, "en")).toBe("Closed, opens Saturday at 9:00");
    expect(said({ opens_at: "2026-12-28T08:00:00Z" }, "en")).toMatch(/^Closed, opens Monday,? 28 December at 9:00$/);
  });

  it("name the holiday", () => {
    expect(said({ opens_at: "2026-11-25T08:00:00Z", holiday: "Noël" })).toBe("Noël\u00a0: fermé, ouvre demain à 9:00");
  });
});

describe("links", () => {
  it("are addresses only, without what ends the sentence", () => {
    expect(pieces("Voir https://shop.example/retours. Merci")).toEqual([
      { text: "Voir ", href: null },
      { text: "https://shop.example/retours", href: "https://shop.example/retours" },
      { text: ". Merci", href: null },
    ]);
  });

  it("are never scripts or markup", () => {
    for (const hostile of ["javascript:alert(1)", "<a href='x'>", "data:text/html,x"]) {
      expect(pieces(hostile)).toEqual([{ text: hostile, href: null }]);
    }
    expect(pieces('https://x.example/"onmouseover="alert(1)')[0]?.href).toBe("https://x.example/");
  });
});

describe("files", () => {
  const limits = { text: 10, upload_bytes: 100, upload_kinds: ["png", "pdf"] };
  const problem = (...files: File[]): string | null => problemOf(files, limits, translator("en"), createFormat("en", "UTC"));

  it("are looked at before they leave", () => {
    expect(problem(new File(["a"], "photo.PNG"))).toBeNull();
    expect(problem(new File(["a"], "drawing.svg"))).toBe("drawing.svg cannot be sent. Files accepted: png, pdf.");
    expect(problem(new File(["a"], "png"))).toContain("cannot be sent");
    expect(problem(new File(["a".repeat(101)], "photo.png"))).toContain("too large");
    expect(problem(...Array.from({ length: 6 }, () => new File(["a"], "photo.png")))).toBe("At most 5 files at once.");
  });
});

it("gives a brand its two letters", () => {
  expect(["Maison Lavande", "Voltéa", "L’Atelier", "É"].map(initials)).toEqual(["ML", "VO", "LA", "É"]);
});
