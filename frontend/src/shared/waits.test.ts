import { expect, it } from "vitest";
import { waitSentence } from "./waits";

it.each([
  [0, 60, "waitUnderMinute", 1],
  [0, 120, "waitUpTo", 2],
  [60, 120, "waitBetween", 2],
  [120, 300, "waitBetween", 5],
])("says %i to %i seconds as %s", (low, high, key, n) => {
  expect(waitSentence({ low_seconds: low, high_seconds: high })).toEqual([key, { n, low: Math.floor(low / 60) }]);
});
