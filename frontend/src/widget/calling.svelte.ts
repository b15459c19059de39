/** Calls from the widget: what carries them is loaded when somebody first wants to speak, so that the chat stays small. */
import type { CallHost, CallPart } from "../call/host";
import type { Chat } from "./chat.svelte";

interface CallModule {
  createCall: (host: CallHost, root: ShadowRoot) => CallPart;
}

export class Calling {
  /** A call is being placed, goes on, or has just ended. */
  isActive = $state(false);
  #part: CallPart | null = null;
  #loading: Promise<CallPart> | null = null;

  constructor(
    private readonly chat: Chat,
    private readonly root: ShadowRoot,
    private readonly base: string,
  ) {}

  /** Whether the visitor may call now: the brand takes calls and is open, and nobody of it is writing with them. */
  get isOffered(): boolean {
    const { visit, isBrandOpen, thread } = this.chat;
    return visit.takes_calls && isBrandOpen && !this.isActive && thread?.contact?.state !== "active";
  }

  async call(): Promise<void> {
    this.chat.fault = null;
    try {
      (await this.load()).call();
      this.isActive = true;
    } catch (fault) {
      console.warn("Homeshore: the call could not be loaded", fault);
      this.chat.fault = this.chat.words("callFailed");
    }
  }

  /** Fetch what carries calls, and go on with the one that was going on. */
  load(): Promise<CallPart> {
    this.#loading ??= this.#load();
    this.#loading.catch(() => (this.#loading = null));
    return this.#loading;
  }

  /** Where the call is drawn now: in the open panel, or above the launcher. */
  place = (here: HTMLElement): void => {
    if (this.#part) here.append(this.#part.element);
  };

  async #load(): Promise<CallPart> {
    const address = `${this.base}/widget-call.js`;
    const { createCall } = (await import(/* @vite-ignore */ address)) as CallModule;
    this.#part = createCall(hostOf(this.chat, (active) => (this.isActive = active)), this.root);
    return this.#part;
  }
}

/** The chat as a call knows it. */
export function hostOf(chat: Chat, onActive: (active: boolean) => void): CallHost {
  return {
    brand: chat.visit.brand.name,
    language: () => chat.language,
    onLanguage: (listener) => chat.onLanguage.push(listener),
    person: () => ({ name: chat.person.name.trim(), email: chat.person.email.trim() }),
    ask: (path, body, keepalive) => chat.ask(path, body, keepalive),
    onEvent: (listener) => chat.onEvent(listener),
    showThread: (thread) => chat.showThread(thread),
    onActive,
  };
}
