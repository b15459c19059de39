/** The desk: mounted in three places of its page, one state behind them. */
import { beginDesk } from "./begin";
import DeskPage from "./Desk.svelte";
import Presence from "./parts/Presence.svelte";
import Vitals from "./parts/Vitals.svelte";
import { placePart } from "./place";

const context = beginDesk();
placePart(context, "presence", Presence);
placePart(context, "vitals", Vitals);
placePart(context, "desk", DeskPage);
