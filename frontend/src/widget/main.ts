/**
 * The chat on a brand's page: <script src="https://…/widget.js" data-brand="KEY" async></script>
 *
 * Everything lives in one shadow root with style sheets made by script, so that neither the page's styles nor its content
 * security policy are in the way; no cookie is set or sent.
 */
import { mount } from "svelte";
import { Refused, Unreachable } from "../shared/api";
import type { Language } from "../shared/format";
import { WidgetApi } from "./api";
import { Calling } from "./calling.svelte";
import { Chat } from "./chat.svelte";
import { Memory } from "./memory";
import { tonesAsCss, type Theme } from "./tones";
import Widget from "./Widget.svelte";
import sheet from "./widget.css?inline";

interface Options {
  base: string;
  brand: string;
  queue: string;
  language: Language | null;
  theme: Theme;
}

function optionsOf(script: HTMLScriptElement): Options | null {
  const { brand, queue = "", language, theme } = script.dataset;
  if (!brand) {
    console.error("Homeshore: the script tag lacks data-brand; copy it again from the brand's settings.");
    return null;
  }
  return { base: new URL(script.src).origin, brand, queue, language: known(language), theme: theme === "light" || theme === "dark" ? theme : "auto" };
}

function known(language: string | undefined): Language | null {
  const short = language?.toLowerCase().slice(0, 2);
  return short === "fr" || short === "en" ? short : null;
}

/** The page's language when it is one of ours, else the browser's, else English. */
function languageOfPage(): Language {
  return known(document.documentElement.lang || navigator.language) ?? "en";
}

async function start(options: Options): Promise<void> {
  const memory = new Memory(options.brand);
  let language = options.language ?? memory.language ?? languageOfPage();
  const api = new WidgetApi(options.base, options.brand, options.queue, () => memory.token, () => language);
  const hadToken = memory.token !== "";
  const visit = await api.visit();
  memory.keepToken(visit.token, { renewed: hadToken });

  const host = document.createElement("homeshore-chat");
  const shadow = host.attachShadow({ mode: "open" });
  const tones = new CSSStyleSheet();
  tones.replaceSync(tonesAsCss(visit.brand.tones, options.theme));
  const own = new CSSStyleSheet();
  own.replaceSync(sheet);
  shadow.adoptedStyleSheets = [own, tones];
  for (const kind of ["keydown", "keypress", "keyup"]) host.addEventListener(kind, (event) => event.stopPropagation()); // what is typed here is no shortcut of the page
  staysOnThePage(host);

  const chat = new Chat(api, memory, visit, language, `homeshore.${options.brand}`);
  chat.onLanguage.push((chosen) => (language = chosen));
  const calling = new Calling(chat, shadow, options.base);
  mount(Widget, { target: shadow, props: { chat, calling, host } });
  if (visit.thread?.contact?.channel === "voice" && visit.thread.contact.state !== "closed") void calling.load();
}

/** Sites that change their content without loading a page replace what is in the body, or the body itself. */
function staysOnThePage(host: HTMLElement): void {
  const watcher = new MutationObserver(putBack);
  function putBack(): void {
    watcher.observe(document.body, { childList: true });
    if (!host.isConnected) document.body.append(host);
  }
  watcher.observe(document.documentElement, { childList: true });
  putBack();
}

function explain(fault: unknown, options: Options): void {
  if (fault instanceof Refused) console.error(`Homeshore: ${fault.message}`);
  else if (fault instanceof Unreachable) {
    console.error(
      `Homeshore: no chat here. Either ${options.base} cannot be reached (is it in the page's connect-src?), or ` +
        `${location.origin} is not among the allowed origins of the brand ${options.brand}: add it in the brand's settings.`,
    );
  } else throw fault;
}

const script = document.currentScript;
const options = script instanceof HTMLScriptElement ? optionsOf(script) : null;
if (options && !isAlreadyHere()) {
  const begin = (): void => void start(options).catch((fault: unknown) => explain(fault, options));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin, { once: true });
  else begin();
}

/** A page that has the tag twice, or runs it again when it changes its content, gets one chat. */
function isAlreadyHere(): boolean {
  const flags = window as unknown as { homeshoreChat?: boolean };
  if (flags.homeshoreChat) return true;
  flags.homeshoreChat = true;
  return false;
}
