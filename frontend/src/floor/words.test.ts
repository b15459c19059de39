import { expect, test } from "vitest";
import { places } from "../shared/i18n";
import { en } from "./words/en";
import { fr, type FloorKey } from "./words/fr";

test("every sentence of the floor has the same places in both languages", () => {
  const keys = Object.keys(fr) as FloorKey[];
  expect(Object.keys(en)).toEqual(keys);
  for (const key of keys) expect([key, places(en[key])]).toEqual([key, places(fr[key])]);
});
