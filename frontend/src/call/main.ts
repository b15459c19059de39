/** The house's own page for calling a brand: the call in the middle, the chat of the same conversation in its corner. */
import { mount } from "svelte";
import { Refused, Unreachable } from "../shared/api";
import type { Language } from "../shared/format";
import { WidgetApi } from "../widget/api";
import { Calling, hostOf } from "../widget/calling.svelte";
import { Chat } from "../widget/chat.svelte";
import { Memory } from "../widget/memory";
import { tonesAsCss } from "../widget/tones";
import widgetSheet from "../widget/widget.css?inline";
import Widget from "../widget/Widget.svelte";
import { createCall } from "./part";

async function start(place: HTMLElement): Promise<void> {
  const { brand = "" } = place.dataset;
  const language: Language = document.documentElement.lang.startsWith("en") ? "en" : "fr";
  const memory = new Memory(brand);
  const api = new WidgetApi("", brand, "", () => memory.token, () => language);
  const visit = await api.visit();
  memory.keepToken(visit.token, { renewed: memory.token !== "" });
  const tones = tonesAsCss(visit.brand.tones, "auto");
  const chat = new Chat(api, memory, visit, language, `homeshore.${brand}`);

  const call = room(place, tones);
  const part = createCall(hostOf(chat, (active) => !active && chat.thread?.contact?.state === "waiting" && chat.open()), call);
  call.querySelector(".root")?.append(part.element);

  const corner = document.createElement("homeshore-chat");
  document.body.append(corner);
  const shadow = corner.attachShadow({ mode: "open" });
  shadow.adoptedStyleSheets = [sheetOf(widgetSheet), sheetOf(tones)];
  const calling = new Calling(chat, shadow, "");
  visit.takes_calls = false; // the page itself is the button
  mount(Widget, { target: shadow, props: { chat, calling, host: corner } });
}

/** A shadow root with the brand's tones, where the call is drawn. */
function room(place: HTMLElement, tones: string): ShadowRoot {
  const here = document.createElement("div");
  place.append(here);
  const shadow = here.attachShadow({ mode: "open" });
  shadow.adoptedStyleSheets = [
    sheetOf(`.root { font: 400 16px/24px "Inter Variable", system-ui, sans-serif; } .root .c-call { border: 1px solid var(--line); border-radius: 12px; }`),
    sheetOf(tones),
  ];
  const root = document.createElement("div");
  root.className = "root";
  shadow.append(root);
  return shadow;
}

function sheetOf(css: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}

const place = document.getElementById("call");
if (place) {
  start(place).catch((fault: unknown) => {
    if (!(fault instanceof Refused || fault instanceof Unreachable)) throw fault;
    const said = document.createElement("p");
    said.role = "alert";
    said.textContent = fault.message || (place.dataset.unreachable ?? "");
    place.append(said);
  });
}
