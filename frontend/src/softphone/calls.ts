/** What the server tells an agent of their calls. */
import type { Purpose } from "./dialling.svelte";
import type { Companion } from "./mix";

/** A call as the server tells it to the agent whose leg it is. */
export interface CallSeen {
  id: number;
  contact: number;
  /** What carries it: `sip` for a telephone. */
  driver: string;
  state: "dialling" | "queued" | "ringing" | "connecting" | "talking" | "held" | "ended";
  round: number;
  leg: number;
  accepted_at: string | null;
  answered_at: string | null;
  held_since: string | null;
  ended_at: string | null;
  ended_by: string;
  why: string;
  /** Null for a call that is not to be recorded. */
  recording: { state: "announced" | "on" | "paused" | "refused"; pauses: string[] } | null;
  /** Since when the agent asks a supervisor for help. */
  hand_raised_at: string | null;
  /** Who is beside the agent now. */
  companions: Companion[];
  /** Whom the house called and what for, what they said of it, and what the agent has yet to tell them; null for a call that came in. */
  placed: { number: string; purpose: Purpose; about_contract: boolean; result: string | null; untold: Untold[] } | null;
}

/** What a customer whom the house called has not been told: that the call may be recorded, that a supervisor may listen. */
export type Untold = "recorded" | "listened";

/** Why no call is offered, and until when. */
export interface WeakLine {
  mos: number;
  bar: number;
  since: string;
  until: string;
}
