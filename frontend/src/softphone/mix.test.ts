import { describe, expect, it } from "vitest";
import { isHeardByAgent, routesOf, type Part } from "./mix";

/** Whom each ear hears, for companions with these parts. */
function ears(parts: Part[], held = false): Record<string, string[]> {
  const heard: Record<string, string[]> = {};
  for (const { voice, ear } of routesOf(parts.map((part, id) => ({ id, part, outside: false })), held)) (heard[ear] ??= []).push(voice);
  return heard;
}

describe("who hears whom", () => {
  it("is everybody for who listens, and nobody hears them", () => {
    expect(ears(["listen"])).toEqual({ customer: ["agent"], "companion-0": ["agent", "customer"] });
  });

  it("keeps what is whispered from the customer and from other companions", () => {
    expect(ears(["whisper", "listen"])).toEqual({ customer: ["agent"], "companion-0": ["agent", "customer"], "companion-1": ["agent", "customer"] });
  });

  it("leads who has joined to all but themselves", () => {
    expect(ears(["join", "join", "listen"])).toEqual({
      customer: ["agent", "companion-0", "companion-1"],
      "companion-0": ["agent", "customer", "companion-1"],
      "companion-1": ["agent", "customer", "companion-0"],
      "companion-2": ["agent", "customer", "companion-0", "companion-1"],
    });
  });

  it("is the agent alone for a colleague who is asked, and only while the customer is on hold", () => {
    expect(ears(["consult"], true)).toEqual({ "companion-0": ["agent"] });
    expect(ears(["consult", "join"], true)).toEqual({ "companion-0": ["agent", "companion-1"], "companion-1": ["agent"] });
    expect(ears(["consult"])).toEqual({ customer: ["agent"] });
    const heard = (held: boolean): Part[] => (["listen", "whisper", "join", "asked", "consult"] as const).filter((part) => isHeardByAgent({ part, outside: false }, held));
    expect([heard(true), heard(false)]).toEqual([["whisper", "join", "consult"], ["whisper", "join"]]);
  });

  it("is the agent for a number outside the house from its ringing on, and who listens never hears who speaks from there", () => {
    const outside = (part: Part, others: Part[] = []): Parameters<typeof routesOf>[0] => [
      { id: 0, part, outside: true },
      ...others.map((each, id) => ({ id: id + 1, part: each, outside: false })),
    ];
    const heard = (held: boolean): Part[] => (["asked", "consult", "join"] as const).filter((part) => isHeardByAgent({ part, outside: true }, held));
    expect([heard(true), heard(false)]).toEqual([["asked", "consult", "join"], ["join"]]);
    expect(routesOf(outside("asked"), true)).toEqual([{ voice: "agent", ear: "companion-0" }]);
    const joined = routesOf(outside("join", ["listen", "join"]), false);
    expect(joined.filter(({ voice }) => voice === "companion-0").map(({ ear }) => ear)).toEqual(["customer", "companion-2"]);
  });

  it("leaves a customer on hold alone, while the others may speak", () => {
    expect(ears(["join", "whisper"], true)).toEqual({ "companion-0": ["agent"], "companion-1": ["agent", "companion-0"] });
  });
});
