/** The chat of one page: what is shown, and what the visitor does. */
import { newKey, Refused, Unreachable } from "../shared/api";
import { createFormat, type Format, type Language } from "../shared/format";
import type { ServerEvent } from "../shared/sse";
import { TooMany, type Person, type Visit, type WidgetApi } from "./api";
import { Line } from "./line";
import type { Memory, Pending } from "./memory";
import { fromSnapshot, reduce, unread, type SentThread, type Thread } from "./thread";
import { translator, type Translate } from "./words";

const TYPING_SHOWN_MS = 6000;
const TYPING_EVERY_MS = 3000;
const RETRIES_MS = [500, 1500, 5000, 10_000];

/** A message on its way, with the files that a reload would lose. */
export interface Outgoing extends Pending {
  files: File[];
  isSending: boolean;
}

export class Chat {
  visit: Visit = $state.raw() as Visit;
  language: Language = $state("fr");
  isOpen = $state(false);
  thread: Thread | null = $state.raw(null);
  outgoing: Outgoing[] = $state.raw([]);
  /** Without a connection: typing goes on, sending waits. */
  isOffline = $state(false);
  /** Who is writing to us at this moment. */
  typing: string | null = $state(null);
  /** What went wrong last, in words. */
  fault: string | null = $state(null);
  mailedTo: string | null = $state(null);
  person: Person = $state({ name: "", email: "" });

  readonly words: Translate = $derived(translator(this.language));
  readonly format: Format = $derived(createFormat(this.language, Intl.DateTimeFormat().resolvedOptions().timeZone));
  readonly unread: number = $derived(unread(this.thread));
  readonly hasOpenContact: boolean = $derived(this.thread?.contact != null && this.thread.contact.state !== "closed");
  readonly mayWrite: boolean = $derived.by(() => this.isBrandOpen || this.hasOpenContact || this.outgoing.length > 0);
  isBrandOpen = $state(true);
  /** Called when the visitor chooses a language. */
  readonly onLanguage: ((language: Language) => void)[] = [];

  #api: WidgetApi;
  #memory: Memory;
  #line: Line;
  #listeners: ((event: ServerEvent) => void)[] = [];
  #flushing = false;
  #typingTimer: ReturnType<typeof setTimeout> | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #openingTimer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #toldTypingAt = 0;
  #toldReadAt = 0;
  /** The message for which a new visitor was begun, so that it is done once. */
  #begunAnewFor = "";

  constructor(api: WidgetApi, memory: Memory, visit: Visit, language: Language, lineName: string) {
    this.#api = api;
    this.#memory = memory;
    this.visit = visit;
    this.language = language;
    this.isBrandOpen = visit.opening.is_open;
    this.outgoing = memory.pending.map((entry) => ({ ...entry, files: [], isSending: false }));
    this.#line = new Line(api.base, lineName, {
      onEvent: (event) => this.#heard(event),
      onStale: () => void this.refresh(),
      onLost: (lost) => this.#connected(!lost),
    });
    if (visit.thread) this.#show(visit.thread);
    this.isOpen = memory.isOpen;
    this.#watchOpening();
    window.addEventListener("online", () => {
      this.#failures = 0;
      this.#line.retry();
      void (this.thread ? this.refresh() : this.revisit());
    });
    window.addEventListener("offline", () => this.#connected(false));
    window.addEventListener("storage", (event) => {
      if (memory.concerns(event)) this.#tabsChanged();
    });
    document.addEventListener("visibilitychange", () => this.#looked());
    if (this.outgoing.length) void this.flush();
  }

  open(): void {
    this.isOpen = this.#memory.isOpen = true;
    if (this.thread && !this.hasOpenContact) void this.refresh();
    this.noticeRead();
  }

  minimise(): void {
    this.isOpen = this.#memory.isOpen = false;
    this.fault = null;
    if (!this.hasOpenContact) this.#line.stop();
  }

  speak(language: Language): void {
    this.language = this.#memory.language = language;
    for (const listener of this.onLanguage) listener(language);
  }

  get draft(): string {
    return this.#memory.draft;
  }

  /** Keep what is being typed, and let the agent see that something is. */
  typed(text: string): void {
    this.#memory.draft = text;
    const now = Date.now();
    if (!text || this.thread?.contact?.state !== "active" || now - this.#toldTypingAt < TYPING_EVERY_MS) return;
    this.#toldTypingAt = now;
    this.#api.typing().catch(() => undefined); // a whisper that is lost is no loss
  }

  /** Keep the message first, then send it: what is shown is kept. */
  async say(body: string, files: File[]): Promise<void> {
    this.fault = null;
    this.#memory.draft = "";
    const entry = { clientId: newKey(), body, at: Date.now(), refusal: null, files, isSending: false };
    this.#keep([...this.outgoing, entry]);
    await this.flush();
  }

  async sendAgain(clientId: string): Promise<void> {
    this.#keep(this.outgoing.map((each) => (each.clientId === clientId ? { ...each, refusal: null } : each)));
    await this.flush();
  }

  drop(clientId: string): void {
    this.#keep(this.outgoing.filter((each) => each.clientId !== clientId));
  }

  /** Send what waits, in order; the server knows each message by its client_id, so that none comes twice. */
  async flush(): Promise<void> {
    if (this.#flushing) return;
    this.#flushing = true;
    clearTimeout(this.#retryTimer);
    try {
      for (;;) {
        const next = this.outgoing.find((each) => each.refusal === null);
        if (!next) return;
        if (!(await this.#sendOne(next))) return;
      }
    } finally {
      this.#flushing = false;
    }
  }

  async #sendOne(entry: Outgoing): Promise<boolean> {
    const mark = (change: Partial<Outgoing>): void =>
      this.#keep(this.outgoing.map((each) => (each.clientId === entry.clientId ? { ...each, ...change } : each)));
    mark({ isSending: true });
    try {
      const isFirst = this.thread === null;
      const sent = await this.#api.say(entry.clientId, entry.body, entry.files, this.#cleanPerson());
      this.#show(sent);
      this.drop(entry.clientId);
      this.#connected(true);
      this.#failures = 0;
      if (isFirst) this.#line.tellStale();
      return true;
    } catch (error) {
      if (error instanceof Refused && error.code === "token_refused" && this.#begunAnewFor !== entry.clientId) {
        this.#begunAnewFor = entry.clientId;
        return this.#startAnew();
      }
      if (error instanceof Refused) {
        mark({ isSending: false, refusal: error.fields.body ?? (error.message || this.words("failed")) });
        if (error.code === "closed") await this.revisit();
        return true;
      }
      const wait = error instanceof TooMany ? error.retryAfterSeconds : this.#nextRetry() / 1000;
      if (error instanceof TooMany) this.fault = this.words("slowDown", { n: wait });
      else if (error instanceof Unreachable) this.#connected(false);
      else throw error;
      mark({ isSending: false });
      this.#retryTimer = setTimeout(() => {
        this.fault = null;
        void this.flush();
      }, wait * 1000);
      return false;
    }
  }

  /** The token has ended: a new visitor says it. */
  async #startAnew(): Promise<boolean> {
    this.#memory.keepToken("", { renewed: true });
    this.thread = null;
    this.#line.stop();
    return await this.revisit();
  }

  /** Ask again how the brand stands: hours change, keys end. */
  async revisit(): Promise<boolean> {
    try {
      const hadToken = this.#memory.token !== "";
      this.visit = await this.#api.visit();
      this.#memory.keepToken(this.visit.token, { renewed: hadToken });
      this.isBrandOpen = this.visit.opening.is_open;
      this.#watchOpening();
      this.#show(this.visit.thread);
      this.#connected(true);
      return true;
    } catch (error) {
      if (!(error instanceof Unreachable) && !(error instanceof TooMany) && !(error instanceof Refused)) throw error;
      this.#connected(false);
      return false;
    }
  }

  async refresh(): Promise<void> {
    try {
      this.#show(await this.#api.thread());
      this.#connected(true);
    } catch (error) {
      if (error instanceof Refused && error.code === "token_refused") await this.#startAnew();
      else if (error instanceof Unreachable) this.#connected(false);
      else if (error instanceof Refused || error instanceof TooMany) this.fault = error.message;
      else throw error;
    }
  }

  /** Ask for the answer by e-mail; gives what is wrong, or null when it was asked for. */
  async askByMail(clientId: string, body: string): Promise<string | null> {
    return await this.#tried(async () => {
      const thread = await this.#api.byMail(clientId, body, this.#cleanPerson());
      this.mailedTo = this.person.email.trim();
      this.#show(thread);
    });
  }

  async leave(): Promise<void> {
    this.fault = await this.#tried(async () => this.#show(await this.#api.leave()));
  }

  /** Fetch a file and hand it to the browser to save: it is never shown by the page. */
  async save(id: number, name: string): Promise<void> {
    const problem = await this.#tried(async () => {
      const address = URL.createObjectURL(await this.#api.file(id));
      const link = document.createElement("a");
      link.href = address;
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    });
    this.fault = problem && this.words("downloadFailed");
  }

  forget(): void {
    this.#line.stop();
    this.#memory.forget();
    this.thread = null;
    this.outgoing = [];
    this.mailedTo = null;
    void this.revisit();
  }

  /** The visitor sees the thread now: say so, once. */
  noticeRead(): void {
    const last = this.thread?.messages.findLast((each) => each.kind === "outbound")?.at ?? 0;
    if (!this.isOpen || document.hidden || this.unread === 0 || last <= this.#toldReadAt) return;
    this.#toldReadAt = last;
    this.#api.read().catch(() => (this.#toldReadAt = 0)); // said again at the next occasion
  }

  #cleanPerson(): Person {
    return { name: this.person.name.trim(), email: this.person.email.trim() };
  }

  async #tried(work: () => Promise<void>): Promise<string | null> {
    try {
      await work();
      return null;
    } catch (error) {
      if (error instanceof Unreachable) return this.words("offline");
      if (error instanceof Refused) return Object.values(error.fields)[0] ?? error.message;
      if (error instanceof TooMany) return error.message;
      throw error;
    }
  }

  /** Ask the server for something that is not the chat's own. */
  ask<Answer>(path: string, body?: object, keepalive = false): Promise<Answer> {
    return this.#api.ask(path, body, keepalive);
  }

  /** Hear all that is told of the conversation. */
  onEvent(listener: (event: ServerEvent) => void): void {
    this.#listeners.push(listener);
  }

  /** The conversation as somebody else was told it. */
  showThread(sent: unknown): void {
    this.#show(sent as SentThread | null);
  }

  #heard(event: ServerEvent): void {
    for (const listener of this.#listeners) listener(event);
    if (event.kind === "typing") return this.#showTyping((event.data as { who?: string }).who ?? "");
    if (!this.thread) return;
    this.thread = reduce(this.thread, event);
    if (event.kind === "message.added") {
      this.typing = null;
      this.#settle();
      this.noticeRead();
    }
  }

  /** The page is looked at again; a browser lets those that are not fall asleep. */
  #looked(): void {
    if (document.hidden) return;
    this.#line.takeOver();
    if (this.thread) void this.refresh();
  }

  #show(sent: SentThread | null): void {
    if (sent && this.#line.isAheadOf(sent)) return void this.refresh();
    this.thread = sent && fromSnapshot(sent);
    if (!sent) return;
    this.#settle();
    if (this.hasOpenContact || this.isOpen) this.#line.follow(sent);
    this.noticeRead();
  }

  /** What the thread holds is no longer on its way. */
  #settle(): void {
    const said = new Set(this.thread?.messages.map((each) => each.clientId));
    if (this.outgoing.some((each) => said.has(each.clientId))) {
      this.#keep(this.outgoing.filter((each) => !said.has(each.clientId)));
    }
  }

  #keep(outgoing: Outgoing[]): void {
    this.outgoing = outgoing;
    // Files cannot be kept over a reload: their message is sent while this page is open, or not at all.
    this.#memory.pending = outgoing
      .filter((each) => !each.files.length)
      .map(({ clientId, body, at, refusal }) => ({ clientId, body, at, refusal }));
  }

  #tabsChanged(): void {
    const kept = this.#memory.pending;
    const withFiles = this.outgoing.filter((each) => each.files.length || each.isSending);
    const known = new Set(withFiles.map((each) => each.clientId));
    const others = kept.filter((each) => !known.has(each.clientId));
    this.outgoing = [...withFiles, ...others.map((each) => ({ ...each, files: [], isSending: false }))];
    if (!this.#memory.token && this.thread) this.thread = null;
  }

  #showTyping(who: string): void {
    this.typing = who;
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => (this.typing = null), TYPING_SHOWN_MS);
  }

  /** What is heard late is no sign of a connection: the browser itself knows when it has none. */
  #connected(heard: boolean): void {
    const connected = heard && navigator.onLine;
    const isBack = this.isOffline && connected;
    this.isOffline = !connected;
    if (isBack) void this.flush();
    if (!connected && !this.outgoing.length) this.#retryLater();
  }

  #retryLater(): void {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => {
      if (this.isOffline) void (this.thread ? this.refresh() : this.revisit());
    }, this.#nextRetry());
  }

  #nextRetry(): number {
    return RETRIES_MS[Math.min(this.#failures++, RETRIES_MS.length - 1)] as number;
  }

  /** Ask again when the brand opens or closes. */
  #watchOpening(): void {
    clearTimeout(this.#openingTimer);
    const { until, opens_at: opensAt } = this.visit.opening;
    const next = until ?? opensAt;
    if (!next) return;
    const wait = new Date(next).getTime() - new Date(this.visit.now).getTime() + 500;
    if (wait < 2 ** 31) this.#openingTimer = setTimeout(() => void this.revisit(), Math.max(1000, wait));
  }
}
