/** The desk: mounted in three places of its page, one state behind them. */
import { createApi, pageToken, Refused, SignedOut, Unreachable } from "../shared/api";
import { clock } from "../shared/clock.svelte";
import { beginDesk } from "./begin";
import DeskPage from "./Desk.svelte";
import Presence from "./parts/Presence.svelte";
import Vitals from "./parts/Vitals.svelte";
import { placePart } from "./place";

const context = beginDesk();
const { desk } = context;
desk.onReady = () => {
  const takesCalls = Object.values(desk.state?.queues ?? {}).some((queue) => queue.mine && queue.channel === "voice");
  if (takesCalls) void checkLine();
};

/** What keeps it from being checked is said by the page of the line check, to whoever opens it. */
async function checkLine(): Promise<void> {
  const { checkBeforeShift } = await import("../line/shift");
  await checkBeforeShift(createApi(pageToken), clock.now).catch((fault: unknown) => {
    if (!(fault instanceof Unreachable || fault instanceof Refused || fault instanceof SignedOut)) throw fault;
  });
}
placePart(context, "presence", Presence);
placePart(context, "vitals", Vitals);
placePart(context, "desk", DeskPage);
