import { expect, test } from "vitest";
import { closingPay } from "./pay";
import { work } from "./sample";

test("closing pays the detail's rate, else the reason's, else the queue's", () => {
  const held = work({ pay: { "": 190, "1": 240, "2": 310 } });
  expect([closingPay(held, 2, 1), closingPay(held, 9, 1), closingPay(held, null, null), closingPay(work({ pay: {} }), 2, 1)]).toEqual([310, 240, 190, null]);
});
