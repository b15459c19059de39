/** On an agent's other pages: presence goes on, its lease is renewed, and an offer is seen, heard and answered. */
import { beginDesk } from "../desk/begin";
import Presence from "../desk/parts/Presence.svelte";
import Vitals from "../desk/parts/Vitals.svelte";
import { placePart } from "../desk/place";
import Strip from "./Strip.svelte";

const OBEYED = new Set(["accept", "decline", "presence"]);

const context = beginDesk((name) => OBEYED.has(name));
context.desk.onAccepted = () => location.assign("/desk/");
placePart(context, "presence", Presence);
placePart(context, "vitals", Vitals);
placePart(context, "agent-strip", Strip);
