/** The desk's heart: its state, the line to the server, and everything an agent can do. Screens only read it and call it. */
import { Refused, SignedOut, Unreachable, newKey, type Api } from "../shared/api";
import { clock } from "../shared/clock.svelte";
import { Drafts, type Audience, type Draft } from "../shared/drafts";
import { openFeed, type Feed, type LineState, type ServerEvent } from "../shared/feed";
import { fleetingStore, openStore, UnsentQueue, type Unsent } from "../shared/unsent";
import { groups, mostUrgent } from "./groups";
import { Lists } from "./lists.svelte";
import { Questions } from "./questions.svelte";
import type { Softphone } from "../softphone/softphone.svelte";
import { apply, fromSnapshot, workOf, type DeskEvents, type DeskState } from "./state";
import type { Colleague, ContestedChoice, Message, Offer, PresenceState, Promised, Snapshot, Work } from "./types";

export type View = "list" | "thread" | "card";
export type Surface = "transfer" | "close" | "consult" | "dial" | "dialAny" | "presence" | "palette" | "settings" | "why" | null;

/** An offer that has just ended without us, shown for a moment. */
export interface GoneOffer {
  offer: Offer;
  state: string;
  why: string;
}

export interface DeskNotice {
  id: number;
  tone: "sea" | "coral";
  text: string;
}

/** What the desk does to the world outside its page: sounds, system notices. */
export interface DeskHerald {
  offerCame(offer: Offer, state: DeskState): void;
  offerWent(offer: Offer): void;
  messageCame(work: Work, message: Message, isOpen: boolean): void;
  /** What to say of a contest that a person has answered. */
  contestAnswered(contest: ContestedChoice): string;
}

const GONE_MS = 4000;
const NOTICE_MS = 6000;
const TYPING_MS = 6000;
const TYPING_EVERY_MS = 3000;

export class Desk {
  state = $state.raw<DeskState | null>(null);
  /** The contact whose conversation is open. */
  open = $state<number | null>(null);
  view = $state<View>("list");
  surface = $state<Surface>(null);
  line = $state.raw<LineState>({ kind: "connecting" });
  milliseconds = $state<number | null>(null);
  /** When the last word from the server came, in its time. */
  heardAt = $state(0);
  /** Until when the server keeps our place without news of us. */
  leaseUntil = $state<string | null>(null);
  signedOut = $state(false);
  /** When the server last took the line for lost, until the person has read so. */
  lapsedAt = $state<string | null>(null);
  unsent = $state.raw<Unsent[]>([]);
  /** By conversation, until when the customer is shown as typing. */
  typing = $state<Record<number, number>>({});
  gone = $state.raw<GoneOffer | null>(null);
  /** The offer whose answer is on its way. */
  answering = $state<string | null>(null);
  notices = $state.raw<DeskNotice[]>([]);
  /** Whether this browser keeps what is typed through a reload. */
  keeps = $state(true);
  drafts: Drafts;
  questions: Questions;
  lists: Lists;
  /** What was being typed for contacts that are no longer here. */
  leftDrafts = $state.raw<Draft[]>([]);

  /** The telephone, where the page has one. */
  phone: Softphone | null = null;
  /** Hear each event after the desk has; null says that a new snapshot was taken. */
  readonly followers: ((event: ServerEvent | null) => void)[] = [];

  #api: Api;
  #csrf: () => string;
  #herald: DeskHerald;
  #feed: Feed | undefined;
  #queue: UnsentQueue | undefined;
  #wanted: number | null = null;
  /** The contact whose work the person is ending. */
  #leaving: number | null = null;
  #typingSent = 0;
  #notice = 0;
  #snapshotting = false;
  #startAgain: ReturnType<typeof setTimeout> | undefined;

  constructor(api: Api, csrf: () => string, herald: DeskHerald) {
    this.#api = api;
    this.#csrf = csrf;
    this.#herald = herald;
    this.drafts = new Drafts(0, null);
    this.questions = new Questions(api, (act) => this.#try(act));
    this.lists = new Lists(api, (fault) => this.complain(fault));
  }

  get offer(): Offer | undefined {
    return Object.values(this.state?.offers ?? {}).sort((one, other) => (one.expires_at < other.expires_at ? -1 : 1))[0];
  }
  get work(): Work[] {
    return Object.values(this.state?.work ?? {});
  }
  get current(): Work | undefined {
    return this.open === null ? undefined : this.state?.work[this.open];
  }
  /** What was sent to contacts that went elsewhere meanwhile: never thrown away without the person. */
  get stranded(): Unsent[] {
    return this.state ? this.unsent.filter((entry) => !this.state?.work[entry.lane]) : [];
  }
  get isLost(): boolean {
    return this.line.kind === "lost";
  }

  /** Take a snapshot, then follow. Called at the start, after a reset, and when the person asks to try again. */
  async start(): Promise<void> {
    if (this.#snapshotting) return;
    this.#snapshotting = true;
    clearTimeout(this.#startAgain);
    const sentAt = Date.now();
    try {
      const snapshot = await this.#api.get<Snapshot>("/desk/snapshot");
      clock.learn(snapshot.now, sentAt, Date.now());
      await this.#take(snapshot);
    } catch (fault) {
      if (fault instanceof SignedOut) this.signedOut = true;
      else if (fault instanceof Refused) this.complain(fault);
      else {
        this.line = { kind: "lost", since: Date.now(), retryAt: Date.now() + 3000 };
        this.#startAgain = setTimeout(() => void this.start(), 3000);
      }
    } finally {
      this.#snapshotting = false;
    }
  }

  async #take(snapshot: Snapshot): Promise<void> {
    const known = this.state;
    if (known && known.agent.id !== snapshot.agent.id) return location.reload(); // drafts and unsent messages are one person's
    this.state = fromSnapshot(snapshot);
    this.lapsedAt = snapshot.presence.line_lost_at ?? this.lapsedAt;
    this.heardAt = clock.read();
    const subscription = {
      grant: snapshot.grant,
      topic: `agent:${snapshot.agent.id}`,
      position: snapshot.position,
      lease: { url: "/desk/lease", csrf: this.#csrf() },
    };
    if (this.#feed) this.#feed.resume(subscription);
    else {
      await this.#openQueue(snapshot.agent.id);
      this.#feed = openFeed(subscription, {
        onEvent: (event) => this.#hear(event),
        onReset: () => void this.start(),
        onState: (line) => this.#lineChanged(line),
        onLease: (answer, milliseconds) => this.#renewed(answer, milliseconds),
        onSignedOut: () => (this.signedOut = true),
      });
    }
    for (const offer of snapshot.offers) if (!known?.offers[offer.id]) this.#herald.offerCame(offer, this.state);
    if (this.open !== null && !this.current) this.#closeOpen();
    this.#lookForLeftDrafts();
    if (this.open === null && known === null) this.#openRemembered();
    if (known) for (const follow of this.followers) follow(null);
  }

  async #openQueue(agent: number): Promise<void> {
    const store = await openStore().catch(() => {
      this.keeps = false;
      return fleetingStore();
    });
    this.drafts = new Drafts(agent, this.keeps ? localStorage : null);
    this.#queue = new UnsentQueue(store, this.#api, agent, {
      onChange: (entries) => (this.unsent = entries),
      onSent: (entry, answer) => this.#sent(entry, answer),
      onSignedOut: () => (this.signedOut = true),
    });
    await this.#queue.flush();
  }

  #hear(event: ServerEvent): void {
    if (!this.state) return;
    this.heardAt = clock.read();
    for (const follow of this.followers) follow(event);
    if (event.kind === "typing") {
      const { conversation } = event.data as { conversation: number };
      this.typing = { ...this.typing, [conversation]: clock.read() + TYPING_MS };
      return;
    }
    if (event.kind === "agent.changed") return void this.start();
    const before = this.state;
    this.state = apply(before, event.kind, event.data);
    this.#noticeWhatCame(event, before);
  }

  /** What an event does beside changing the state: sounds, focus, what is shown for a moment. */
  #noticeWhatCame(event: ServerEvent, before: DeskState): void {
    const state = this.state as DeskState;
    if (event.kind === "presence.changed") {
      this.lapsedAt = state.presence.line_lost_at ?? this.lapsedAt;
    } else if (event.kind === "offer.contested") {
      const { contest } = event.data as { contest: ContestedChoice };
      this.questions.heard(contest);
      if (contest.answered_at) this.say("sea", this.#herald.contestAnswered(contest));
    } else if (event.kind === "offer.opened") {
      const { offer } = event.data as DeskEvents["offer.opened"];
      if (!before.offers[offer.id]) this.#herald.offerCame(offer, state);
      this.gone = null;
    } else if (event.kind === "offer.ended") {
      const ended = event.data as DeskEvents["offer.ended"];
      const offer = before.offers[ended.id];
      if (!offer) return;
      this.#herald.offerWent(offer);
      if (this.answering === ended.id) this.answering = null;
      if (ended.state === "withdrawn" || ended.state === "timed_out") this.#showGone({ offer, state: ended.state, why: ended.why });
    } else if (event.kind === "work.opened") {
      const { work } = event.data as DeskEvents["work.opened"];
      if (this.#wanted === work.contact.id) this.show(work.contact.id);
    } else if (event.kind === "work.ended") {
      const { contact } = event.data as DeskEvents["work.ended"];
      if (!state.work[contact]) this.drafts.forget(contact);
      if (this.open === contact && !state.work[contact]) this.#closeOpen();
      this.#lookForLeftDrafts();
    } else if (event.kind === "message.added") {
      const { conversation, message } = event.data as DeskEvents["message.added"];
      const work = workOf(state, conversation);
      if (!work || message.kind !== "inbound") return;
      this.typing = { ...this.typing, [conversation]: 0 };
      this.#herald.messageCame(work, message, this.open === work.contact.id);
    }
  }

  #lookForLeftDrafts(): void {
    this.leftDrafts = this.drafts.all().filter((draft) => !this.state?.work[draft.contact]);
  }

  dropDraft(draft: Draft): void {
    this.drafts.keep(draft.contact, draft.mode, "");
    this.#lookForLeftDrafts();
  }

  #lineChanged(line: LineState): void {
    const wasLost = this.isLost;
    this.line = line;
    if (line.kind !== "live") return;
    this.heardAt = clock.read();
    void this.#queue?.flush();
    if (wasLost && this.signedOut) this.signedOut = false;
  }

  #renewed(answer: unknown, milliseconds: number): void {
    const { lease_until: until, presence } = answer as { lease_until?: string; presence?: DeskState["presence"] };
    this.heardAt = clock.read();
    this.milliseconds = milliseconds;
    if (until) this.leaseUntil = until;
    if (presence && this.state) this.state = { ...this.state, presence };
  }

  #showGone(gone: GoneOffer): void {
    this.gone = gone;
    setTimeout(() => {
      if (this.gone === gone) this.gone = null;
    }, GONE_MS);
  }

  // What one opens and closes

  show(contact: number): void {
    this.#wanted = null;
    this.open = contact;
    this.view = "thread";
    this.surface = null;
    sessionStorage.setItem("homeshore-open", String(contact));
  }

  /**
   * What was open has ended. Who ended it goes on to the next; but when the server did, no other conversation may slip under
   * what is being typed: those words would go to another customer.
   */
  #closeOpen(): void {
    this.view = "list";
    this.open = this.open === this.#leaving ? groupsFirst(this.work) : null;
    this.surface = null;
    sessionStorage.removeItem("homeshore-open");
  }

  #openRemembered(): void {
    const kept = Number(sessionStorage.getItem("homeshore-open"));
    const wide = matchMedia("(min-width: 721px)").matches;
    if (kept && this.state?.work[kept]) this.show(kept);
    else if (wide) this.open = groupsFirst(this.work);
  }

  /** The conversation after (1) or before (-1) in the list's order. */
  step(by: 1 | -1): boolean {
    const order = groups(this.work).flatMap((group) => group.work.map((work) => work.contact.id));
    if (order.length === 0) return false;
    const here = this.open === null ? -1 : order.indexOf(this.open);
    const next = order[(here + by + order.length) % order.length];
    if (next !== undefined) this.show(next);
    return true;
  }

  showMostUrgent(): boolean {
    const work = mostUrgent(this.work);
    if (work) this.show(work.contact.id);
    return work !== undefined;
  }

  // What one does

  async setPresence(state: PresenceState, reason = ""): Promise<void> {
    this.surface = null;
    const answer = await this.#try(() => this.#api.post<{ presence?: DeskState["presence"] } | null>("/desk/presence", { state, reason }));
    if (!answer?.presence || !this.state) return;
    this.state = { ...this.state, presence: answer.presence };
    if (state === "ready") this.onReady?.();
  }

  async accept(offer: Offer): Promise<void> {
    this.#wanted = offer.contact;
    const answer = await this.#answerOffer<{ work: Work | null; not_called: string }>(offer, "accept", {});
    if (answer?.not_called) this.say("coral", answer.not_called);
    if (answer?.work && this.state && !this.state.work[offer.contact]) this.state = apply(this.state, "work.opened", answer);
    if (answer && this.state?.work[offer.contact]) {
      this.show(offer.contact);
      this.onAccepted?.();
    } else if (!answer) {
      this.#wanted = null;
    }
  }

  async decline(offer: Offer, why = ""): Promise<void> {
    await this.#answerOffer(offer, "decline", { why });
  }

  /** An answered offer goes at once, and so does one that the server says is gone; on any other fault it stays. */
  async #answerOffer<Answer>(offer: Offer, verb: "accept" | "decline", body: object): Promise<Answer | undefined> {
    if (this.answering) return undefined;
    this.answering = offer.id;
    try {
      const answer = await this.#api.post<Answer>(`/desk/offers/${offer.id}/${verb}`, body);
      this.#forget(offer);
      return answer;
    } catch (fault) {
      if (fault instanceof Refused && fault.status !== 403) this.#forget(offer);
      this.complain(fault);
      return undefined;
    } finally {
      this.answering = null;
    }
  }

  #forget(offer: Offer): void {
    if (this.state) this.state = apply(this.state, "offer.ended", { id: offer.id, state: "answered", why: "" });
    this.#herald.offerWent(offer);
  }

  /** Send a message or a note: kept on this device until the server has it. False when it could not be kept, nothing being lost. */
  async send(work: Work, mode: "reply" | "note", body: string, files: File[], audience: Audience): Promise<boolean> {
    const id = work.contact.id;
    const entry = {
      key: newKey(),
      lane: id,
      path: `/desk/contacts/${id}/${mode === "note" ? "notes" : "messages"}`,
      fields: (mode === "note" ? { body, audience } : { body }) as Record<string, string>,
      files,
      writtenAt: clock.read(),
    };
    this.drafts.keep(id, mode, ""); // at once: what is typed while this is kept is a new draft
    try {
      await this.#queue?.keep(entry);
    } catch (fault) {
      this.say("coral", fault instanceof Error ? fault.message : String(fault));
      return false;
    }
    void this.#queue?.flush();
    return true;
  }

  #sent(_entry: Unsent, answer: unknown): void {
    const message = answer as Message | null;
    if (message?.conversation && this.state) this.state = apply(this.state, "message.added", { conversation: message.conversation, message });
  }

  retryUnsent(key: string): void {
    void this.#queue?.retry(key);
  }
  dropUnsent(key: string): void {
    void this.#queue?.drop(key);
  }

  sayTyping(work: Work): void {
    if (work.contact.channel !== "chat" || this.isLost || Date.now() - this.#typingSent < TYPING_EVERY_MS) return;
    this.#typingSent = Date.now();
    void this.#api.post(`/desk/contacts/${work.contact.id}/typing`).catch(() => undefined); // a courtesy, not a fact
  }

  /** The open conversation has been seen; the server tells the customer and the other tabs. */
  async markRead(work: Work): Promise<void> {
    if (work.conversation.unread === 0 || work.assignment.state !== "active" || this.isLost || !this.state) return;
    const conversation = { ...work.conversation, unread: 0 };
    this.state = apply(this.state, "work.changed", { ...work, conversation });
    await this.#api.post(`/desk/contacts/${work.contact.id}/read`).catch((fault: unknown) => {
      if (fault instanceof SignedOut) this.signedOut = true;
      // Unsaid, the next message marks both as read; refused, the contact has just been closed or moved.
      else if (!(fault instanceof Unreachable || fault instanceof Refused)) throw fault;
    });
  }

  /** Vouch that the address typed is the customer's own: their history comes with the answer. */
  async confirmAddress(work: Work): Promise<void> {
    const answer = await this.#try(() => this.#api.post<{ work: Work | null }>(`/desk/contacts/${work.contact.id}/confirm-address`));
    if (answer?.work && this.state) this.state = apply(this.state, "work.opened", answer);
  }

  /** Open a contact as soon as it is ours: somebody has just handed it over. */
  expect(contact: number): void {
    if (this.state?.work[contact]) this.show(contact);
    else this.#wanted = contact;
  }

  async transfer(work: Work, to: { queue: number } | { agent: number }, note: string): Promise<boolean> {
    return this.#leave(work, "transfer", { ...to, note });
  }

  /** Who else is there now: colleagues' presence is not pushed to a desk, so it is asked for when it is needed. */
  async colleagues(): Promise<Colleague[]> {
    return (await this.#try(() => this.#api.get<{ colleagues: Colleague[] }>("/desk/colleagues")))?.colleagues ?? [];
  }

  async finish(work: Work, disposition: number | null, wrapUp: boolean, callBack: Promised | null = null): Promise<boolean> {
    const done = await this.#leave(work, "close", { disposition, wrap_up: wrapUp, ...(callBack ? { call_back: callBack } : {}) });
    if (wrapUp) this.#leaving = null; // its end comes later, by itself or by hand
    return done;
  }

  /** Nobody answered the callback: when it is tried again, null for never, undefined when that could not be said. */
  async notReached(work: Work): Promise<string | null | undefined> {
    this.#leaving = work.contact.id;
    const answer = await this.#try(() => this.#api.post<{ again_at: string | null }>(`/desk/contacts/${work.contact.id}/not-reached`));
    if (!answer) this.#leaving = null;
    return answer?.again_at;
  }

  async endWrapUp(work: Work): Promise<void> {
    await this.#leave(work, "wrap-up/end", {});
  }

  async #leave(work: Work, verb: string, body: object): Promise<boolean> {
    this.#leaving = work.contact.id;
    const done = await this.#try(() => this.#api.post(`/desk/contacts/${work.contact.id}/${verb}`, body).then(() => true));
    if (done) this.surface = null;
    else this.#leaving = null;
    return done ?? false;
  }

  retryLine(): void {
    if (this.#feed) this.#feed.retry();
    else void this.start();
  }

  // What one is told

  /** Says a fault in words; answers undefined then. */
  async #try<Answer>(act: () => Promise<Answer>): Promise<Answer | undefined> {
    try {
      return await act();
    } catch (fault) {
      this.complain(fault);
      return undefined;
    }
  }

  /** Set by pages that are not the desk, to go there. */
  onAccepted: (() => void) | undefined;
  /** The agent has said that they are ready. */
  onReady: (() => void) | null = null;

  /** Set by the page: the sentence for a server that cannot be reached. */
  unreachableText = "";

  /** Say a fault in words, at the edge of the page. */
  complain(fault: unknown): void {
    if (fault instanceof SignedOut) this.signedOut = true;
    else if (fault instanceof Refused) this.say("coral", fault.message || fault.code);
    else if (fault instanceof Unreachable) this.say("coral", fault.message || this.unreachableText);
    else throw fault;
  }

  say(tone: DeskNotice["tone"], text: string): void {
    this.#notice += 1;
    const notice = { id: this.#notice, tone, text };
    this.notices = [...this.notices, notice];
    setTimeout(() => this.unsay(notice.id), NOTICE_MS);
  }

  unsay(id: number): void {
    this.notices = this.notices.filter((notice) => notice.id !== id);
  }
}

function groupsFirst(work: Work[]): number | null {
  return groups(work)[0]?.work[0]?.contact.id ?? null;
}
