/** Players of recordings: one island for each take on the page. */
import { mount } from "svelte";
import { pageToken } from "../shared/api";
import { createTranslator } from "../shared/i18n";
import Player from "./Player.svelte";
import { english, french } from "./words";

const language = document.documentElement.lang.startsWith("en") ? "en" : "fr";
const say = createTranslator(language, language === "en" ? english : french);

/** The sound of a take. Raises an Error in the server's words, or in ours when it cannot be reached. */
async function fetchSound(address: string): Promise<ArrayBuffer> {
  let answer: Response;
  try {
    answer = await fetch(address, { method: "POST", headers: { "X-CSRFToken": pageToken(), Accept: "application/json, audio/*" } });
  } catch {
    throw new Error(say("unreachable"));
  }
  if (answer.ok) return answer.arrayBuffer();
  const said = (await answer.json().catch(() => null)) as { error?: { message?: string } } | null;
  throw new Error(said?.error?.message ?? say("unreachable"));
}

for (const place of document.querySelectorAll<HTMLElement>(".recording-player")) {
  const { sound = "", seconds = "0", agent = "" } = place.dataset;
  const happened = JSON.parse(place.querySelector("script")?.textContent ?? "[]");
  place.replaceChildren();
  mount(Player, { target: place, props: { say, agent, happened, length: Number(seconds), fetchSound: () => fetchSound(sound) } });
}
