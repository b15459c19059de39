/** What a page with a desk behind it starts with: its words, its figures, its keys, the line to the server. */
import { createApi, pageToken } from "../shared/api";
import { clock } from "../shared/clock.svelte";
import { createFormat, type Format, type Language } from "../shared/format";
import { createTranslator } from "../shared/i18n";
import { Keys } from "../shared/keys";
import { allowSound } from "../shared/sound";
import { DEFAULT_KEYS, runCommand, type CommandName } from "./commands";
import type { DeskContext } from "./context";
import { Desk } from "./desk.svelte";
import { createHerald } from "./herald";
import { en } from "./words/en";
import { fr } from "./words/fr";

/** Begin, with the commands that this page can obey. */
export function beginDesk(obeys: (name: CommandName) => boolean = () => true): DeskContext {
  const language: Language = document.documentElement.lang.startsWith("en") ? "en" : "fr";
  const say = createTranslator(language, language === "en" ? en : fr);
  const desk = new Desk(createApi(pageToken), pageToken, createHerald(say));
  desk.unreachableText = say("fault.unreachable");
  const keys = new Keys<CommandName>(DEFAULT_KEYS, (name) => obeys(name) && runCommand(desk, name));

  let zone = "";
  let figures = createFormat(language, "Europe/Paris");
  /** Figures in the operator's zone, as soon as the snapshot has told it. */
  const format = (): Format => {
    const told = desk.state?.operator.time_zone;
    if (told && told !== zone) {
      zone = told;
      figures = createFormat(language, told);
    }
    return figures;
  };

  clock.start();
  keys.listen();
  for (const gesture of ["pointerdown", "keydown"]) document.addEventListener(gesture, allowSound, { once: true });
  void desk.start();
  return { desk, say, format, keys };
}
