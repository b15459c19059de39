/** The line check: one island on its page. */
import { mount } from "svelte";
import { createApi, pageToken } from "../shared/api";
import { createTranslator } from "../shared/i18n";
import Check from "./Check.svelte";
import { LineCheck } from "./check.svelte";
import { english, french } from "./words";

const language = document.documentElement.lang.startsWith("en") ? "en" : "fr";
const target = document.getElementById("line");
if (target) {
  const check = new LineCheck(createApi(pageToken), pageToken);
  target.replaceChildren();
  mount(Check, { target, props: { check, say: createTranslator(language, language === "en" ? english : french), zone: target.dataset.zone ?? "Europe/Paris" } });
  void check.open();
}
