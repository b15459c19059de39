import { expect, test } from "vitest";
import { places } from "../shared/i18n";
import { en } from "./words/en";
import { fr } from "./words/fr";

const keys = Object.keys(fr) as (keyof typeof fr)[];

test("French and English say the same things", () => expect(Object.keys(en).sort()).toEqual(Object.keys(fr).sort()));
test("with the same places to fill", () => {
  expect(keys.filter((key) => String(places(fr[key])) !== String(places(en[key])))).toEqual([]);
});
test("and nothing is left empty", () => {
  const empty = (message: (typeof en)[keyof typeof en]): boolean => Object.values(typeof message === "string" ? [message] : message).some((text) => !text);
  expect(keys.filter((key) => empty(fr[key]) || empty(en[key]))).toEqual([]);
});
test("what is strong in one is strong in the other", () => {
  const stars = (message: (typeof en)[keyof typeof en]): number => JSON.stringify(message).split("*").length;
  expect(keys.filter((key) => stars(fr[key]) !== stars(en[key]))).toEqual([]);
});
