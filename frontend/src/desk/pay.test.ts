import { expect, test } from "vitest";
import { createFormat } from "../shared/format";
import { createTranslator } from "../shared/i18n";
import { closingPay, payParts } from "./pay";
import { work } from "./sample";
import { en } from "./words/en";

test("closing pays the detail's rate, else the reason's, else the queue's", () => {
  const held = work({ pay: { "": 190, "1": 240, "2": 310 } });
  expect([closingPay(held, 2, 1), closingPay(held, 9, 1), closingPay(held, null, null), closingPay(work({ pay: {} }), 2, 1)]).toEqual([310, 240, 190, null]);
});

test("what an act pays is told by its parts, or by what is usual where it depends on the outcome", () => {
  const pay = { min_cents: 240, max_cents: 240, currency: "EUR", version: 7, parts: [{ label: "the act", cents: 190 }, { label: "the language", cents: 50 }] };
  const said = (each: typeof pay): string => payParts(each, createTranslator("en", en), createFormat("en", "Europe/Paris"));
  expect(said(pay)).toBe("€1.90 the act, €0.50 the language (v7)");
  expect(said({ ...pay, max_cents: 340 })).toBe("by outcome, €2.40 as a rule (v7)");
  expect(said({ ...pay, max_cents: 340, parts: [] })).toBe("by outcome (v7)");
});
