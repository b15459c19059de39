/** The desk: mounted in three places of its page, one state behind them. */
import { mount } from "svelte";
import { createApi, pageToken } from "../shared/api";
import { clock } from "../shared/clock.svelte";
import { createFormat, type Format, type Language } from "../shared/format";
import { createTranslator } from "../shared/i18n";
import { Keys } from "../shared/keys";
import { allowSound } from "../shared/sound";
import { DEFAULT_KEYS, runCommand, type CommandName } from "./commands";
import type { DeskContext } from "./context";
import DeskPage from "./Desk.svelte";
import { Desk } from "./desk.svelte";
import { createHerald } from "./herald";
import Part from "./Part.svelte";
import Presence from "./parts/Presence.svelte";
import Vitals from "./parts/Vitals.svelte";
import { en } from "./words/en";
import { fr } from "./words/fr";

const language: Language = document.documentElement.lang.startsWith("en") ? "en" : "fr";
const say = createTranslator(language, language === "en" ? en : fr);
const desk = new Desk(createApi(pageToken), pageToken, createHerald(say));
desk.unreachableText = say("fault.unreachable");

let zone = "";
let figures = createFormat(language, "Europe/Paris");
/** Figures in the operator's zone, as soon as the snapshot has told it. */
function format(): Format {
  const told = desk.state?.operator.time_zone;
  if (told && told !== zone) {
    zone = told;
    figures = createFormat(language, told);
  }
  return figures;
}
const keys = new Keys<CommandName>(DEFAULT_KEYS, (name) => runCommand(desk, name));
const context: DeskContext = { desk, say, format, keys };

place("presence", Presence);
place("vitals", Vitals);
const page = document.getElementById("desk");
if (page) {
  page.replaceChildren();
  mount(DeskPage, { target: page, props: { context } });
}
clock.start();
keys.listen();
for (const gesture of ["pointerdown", "keydown"]) document.addEventListener(gesture, allowSound, { once: true });
void desk.start();

function place(id: string, part: typeof Presence | typeof Vitals): void {
  const target = document.getElementById(id);
  if (!target) return;
  target.replaceChildren();
  mount(Part, { target, props: { context, part } });
}
