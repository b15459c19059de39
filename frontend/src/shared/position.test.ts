import { expect, test } from "vitest";
import { comparePositions } from "./position";

test("places compare by number, transaction first", () => {
  expect(["0.10", "0.9", "12.1", "9.99999999999999999999"].sort(comparePositions)).toEqual(["0.9", "0.10", "9.99999999999999999999", "12.1"]);
});
