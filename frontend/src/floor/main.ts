/** The floor: mounted in two places of its page, one state behind them. */
import "./floor.css";
import { mount } from "svelte";
import { createApi, pageToken } from "../shared/api";
import { clock } from "../shared/clock.svelte";
import { createFormat, type Format, type Language } from "../shared/format";
import { createTranslator } from "../shared/i18n";
import type { FloorContext } from "./context";
import { Floor } from "./floor.svelte";
import FloorPage from "./Floor.svelte";
import Vitals from "./Vitals.svelte";
import { en } from "./words/en";
import { fr } from "./words/fr";

const language: Language = document.documentElement.lang.startsWith("en") ? "en" : "fr";
const say = createTranslator(language, language === "en" ? en : fr);
const floor = new Floor(createApi(pageToken));
floor.unreachableText = say("fault.unreachable");

let zone = "";
let figures = createFormat(language, "Europe/Paris");
/** Figures in the operator's zone, as soon as the snapshot has told it. */
function format(): Format {
  const told = floor.state?.operator.time_zone;
  if (told && told !== zone) {
    zone = told;
    figures = createFormat(language, told);
  }
  return figures;
}
const context: FloorContext = { floor, say, format };

for (const [id, part] of [["vitals", Vitals], ["floor", FloorPage]] as const) {
  const target = document.getElementById(id);
  if (!target) continue;
  target.replaceChildren();
  mount(part, { target, props: { context } });
}
clock.start();
void floor.start();
