/** A customer's call: what is shown of it, and what the customer does. */
import { Refused, Unreachable } from "../shared/api";
import type { Language } from "../shared/format";
import type { ServerEvent } from "../shared/sse";
import type { ExpectedWait } from "../shared/waits";
import { watchCards } from "../softphone/cards";
import { deviceOfPage } from "../softphone/device";
import { Meter } from "../softphone/level";
import { NoMicrophone, openMicrophone, type MicrophoneFault } from "../softphone/microphone";
import { Music } from "../softphone/music";
import { Peer, type LineQuality, type Signal } from "../softphone/peer";
import { Ringer } from "../softphone/ring";
import { Signalling } from "../softphone/signalling";
import type { CallHost } from "./host";
import { wordsIn, type CallWords } from "./words";

/** A call as the server tells it to its customer. */
export interface CallSeen {
  id: number;
  /** `passed_on`: over for the agent, who left the customer with somebody outside the house. */
  state: "queued" | "ringing" | "connecting" | "talking" | "held" | "passed_on" | "ended";
  round: number;
  leg: number | null;
  agent: string | null;
  /** A supervisor speaks with both. */
  joined: boolean;
  began_at: string;
  answered_at: string | null;
  ended_at: string | null;
  ended_by: string;
  why: string;
  /** Null for a call that is not to be recorded. */
  recording: { state: "announced" | "on" | "paused" | "refused"; pauses: string[] } | null;
}

/** Who is to call the customer back: `at` a moment, else when their turn comes; `agent` is who is calling now. */
export interface CallbackSeen {
  contact: number;
  number: string;
  at: string | null;
  attempts: number;
  agent: string | null;
}

interface Answer {
  call: CallSeen | null;
  callback: CallbackSeen | null;
  /** For how long recordings are kept, where calls may be recorded. */
  recording_days: number | null;
  /** Supervisors may listen to the calls. */
  listened: boolean;
  ice: RTCIceServer[];
  thread: { place: Place | null } | null;
}

export interface Place {
  place: number;
  expected: ExpectedWait | null;
}

const SIGN_MS = 5000;

/** Whether somebody is, or is to be, at the other end. */
function speaks(call: CallSeen): boolean {
  return call.leg !== null || call.state === "passed_on";
}

export class CustomerCall {
  seen: CallSeen | null = $state.raw(null);
  place: Place | null = $state.raw(null);
  callback: CallbackSeen | null = $state.raw(null);
  /** For how many days a call that is recorded is kept; null where none is recorded. */
  recordingDays: number | null = $state(null);
  /** Supervisors may listen, which the customer is told before the call and as long as it lasts. */
  listened = $state(false);
  /** The customer said before the call that they do not want to be recorded. */
  unrecorded = $state(false);
  asking = $state(false);
  elsewhere = $state(false);
  muted = $state(false);
  musicOff = $state(false);
  line: LineQuality = $state("finding");
  ownLevel = $state(0);
  theirLevel = $state(0);
  /** When sound first went both ways in this page, by its own clock. */
  talkingSince: number | null = $state(null);
  lastedSeconds = $state(0);
  wasCut = $state(false);
  fault: MicrophoneFault | "unreachable" | string | null = $state(null);
  language: Language = $state("fr");
  readonly words: CallWords = $derived(wordsIn(this.language));
  readonly isGoingOn: boolean = $derived(this.seen !== null && this.seen.state !== "ended");

  #host: CallHost;
  #device = deviceOfPage();
  #ice: RTCIceServer[] = [];
  #microphone: MediaStreamTrack | null = null;
  #context: AudioContext | null = null;
  #music: Music | null = null;
  #meters: Meter[] = [];
  #peer: Peer | null = null;
  #round = 0;
  /** Told before the answer to our own request had come. */
  #early: CallSeen | null = null;
  #typesCard = false;
  #signalling: Signalling | null = null;
  #audio = new Audio();
  #ringer = new Ringer();
  #signs: ReturnType<typeof setInterval> | undefined;

  constructor(host: CallHost) {
    this.#host = host;
    this.language = host.language();
    this.#audio.autoplay = true;
    host.onLanguage((language) => (this.language = language));
    host.onEvent((event) => this.#hear(event));
    watchCards((typing) => {
      this.#typesCard = typing;
      if (this.seen?.recording && this.seen.state !== "passed_on" && this.#carries) this.#sayOfRecording(typing ? "card" : "no_card");
    });
    window.addEventListener("pagehide", () => {
      if (this.#carries) void this.#ask("leave", {}, true).catch(() => undefined); // the lease tells, if this does not
    });
  }

  get #carries(): boolean {
    return this.isGoingOn && !this.elsewhere;
  }

  /** Call the brand. The microphone is asked for first: who does not allow it takes nobody's place. */
  async placeCall(): Promise<void> {
    if (this.asking || this.isGoingOn) return;
    this.fault = null;
    this.seen = null;
    this.asking = true;
    this.#ringer.stop();
    this.#sounds();
    try {
      await this.#listen();
      this.#take(await this.#host.ask<Answer>("call/place", { device: this.#device, unrecorded: this.unrecorded, ...this.#host.person() }));
    } catch (error) {
      this.#complain(error);
      this.#letGo();
    } finally {
      this.asking = false;
    }
  }

  /** After a reload: go on with the call that this page carried, or say that another one does. */
  async resume(takeOver = false): Promise<void> {
    try {
      const answer = await this.#host.ask<Answer>("call");
      this.#show(answer);
      if (!answer.call) return;
      this.seen = answer.call;
      this.#host.onActive(true);
      const joined = await this.#host.ask<Answer>("call/join", { call: answer.call.id, device: this.#device, take_over: takeOver });
      this.elsewhere = false;
      this.#sounds();
      await this.#listen();
      // What this page knew of the round went with the reload: both ends begin another one.
      if (joined.call && speaks(joined.call)) await this.#ask("renew", { round: joined.call.round });
      this.seen = null;
      this.#take(await this.#host.ask<Answer>("call"));
    } catch (error) {
      if (error instanceof Refused && error.code === "on_another_device") this.elsewhere = true;
      else this.#complain(error);
    }
  }

  async hangUp(): Promise<void> {
    const over = this.seen;
    this.#letGo();
    if (over) this.seen = { ...over, state: "ended", ended_by: "customer" };
    await this.#tried(async () => this.#show(await this.#ask<Answer>("hang-up")));
  }

  /** The rest of the call is not to be recorded. */
  async refuseRecording(): Promise<void> {
    await this.#tried(async () => void (await this.#ask("recording", { said: "refused" })));
  }

  async goOnByChat(): Promise<void> {
    await this.#tried(async () => {
      this.#show(await this.#ask<Answer>("by-chat"));
      this.dismiss();
    });
  }

  /** Hang up, keep the place, and be called back: on a number, or on this page. */
  async askCallback(number: string): Promise<void> {
    await this.#tried(async () => {
      const answer = await this.#ask<Answer>("callback", { number });
      this.#letGo();
      this.seen = null;
      this.#show(answer);
    });
  }

  /** Be called on a number at a moment (ISO 8601). */
  async promiseCallback(number: string, at: string): Promise<void> {
    this.fault = null;
    await this.#tried(async () => {
      const { name } = this.#host.person();
      this.#show(await this.#host.ask<Answer>("call/callback/later", { number, at, name }));
    });
  }

  async cancelCallback(): Promise<void> {
    await this.#tried(async () => this.#show(await this.#host.ask<Answer>("call/callback/cancel", {})));
  }

  mute(muted: boolean): void {
    this.muted = muted;
    this.#silence();
  }

  turnMusic(off: boolean): void {
    this.musicOff = off;
    this.#playMusic();
  }

  /** The call is over and read about. */
  dismiss(): void {
    this.#letGo();
    this.seen = null;
    this.fault = null;
    this.#host.onActive(false);
  }

  #hear(event: ServerEvent): void {
    if (event.kind === "place") this.place = (event.data as { place: Place }).place;
    if (event.kind === "contact.state" && this.callback) void this.#lookAgain();
    const told = event.data as { call?: CallSeen | number };
    if (event.kind === "call.signal" && told.call === this.seen?.id) void this.#signalling?.look();
    if (event.kind !== "call.changed") return;
    const call = told.call as CallSeen;
    if (this.#signalling && call.id === this.seen?.id) this.#follow(call);
    else this.#early = call;
  }

  #take(answer: Answer): void {
    this.#ice = answer.ice;
    this.#show(answer);
    if (!answer.call) return;
    const { id } = answer.call;
    this.#host.onActive(true);
    this.#signalling?.stop();
    this.#signalling = new Signalling({
      send: (round, kind, body) => this.#ask("say", { round, kind, body }),
      fetch: async (after) => (await this.#host.ask<{ signals: Signal[] }>(`call/signals?call=${id}&after=${after}`)).signals,
      onSignal: (signal) => signal.round === this.#round && this.#peer?.hear(signal),
      isWaiting: () => this.#carries && (this.seen?.state === "connecting" || (this.seen?.state === "passed_on" && this.line !== "good")),
    });
    this.#follow(answer.call);
    const early = this.#early;
    this.#early = null;
    if (early?.id === id && early.round >= answer.call.round && this.isGoingOn) this.#follow(early);
    clearInterval(this.#signs);
    this.#signs = setInterval(() => void this.#giveSign(), SIGN_MS);
  }

  /** Something became of who is to be called back: somebody is calling, or it is over. */
  async #lookAgain(): Promise<void> {
    await this.#tried(async () => this.#show(await this.#host.ask<Answer>("call")));
  }

  #show(answer: Answer): void {
    this.callback = answer.callback;
    if (this.callback) this.#host.onActive(true);
    const rings = this.callback?.agent && !this.callback.number && !answer.call;
    if (rings) this.#ringer.start("");
    else this.#ringer.stop();
    this.recordingDays = answer.recording_days;
    this.listened = answer.listened;
    this.place = answer.thread?.place ?? null;
    this.#host.showThread(answer.thread);
  }

  #follow(call: CallSeen): void {
    const before = this.seen;
    if (before && before.id === call.id && (before.state === "ended" || call.round < before.round)) return;
    this.wasCut = call.state === "queued" ? this.wasCut || before?.state === "talking" || before?.state === "held" : call.state === "ringing" && this.wasCut;
    this.seen = call;
    if (call.state === "ended") return this.#ended();
    if (this.elsewhere) return;
    const recorded = call.state !== "passed_on" && before?.id !== call.id ? call.recording : null;
    if (recorded?.state === "announced") this.#sayOfRecording("told"); // what is shown from now on says so
    if (recorded?.pauses.includes("page_card") && !this.#typesCard) this.#sayOfRecording("no_card");
    if (!speaks(call)) this.#dropPeer();
    else if (call.round !== this.#round || !this.#peer) this.#beginRound(call.round);
    if (call.state === "talking" || call.state === "passed_on") this.talkingSince ??= Date.now();
    this.#silence();
    this.#playMusic();
  }

  #sayOfRecording(said: "told" | "card" | "no_card"): void {
    void this.#tried(async () => void (await this.#ask("recording", { said })));
  }

  #beginRound(round: number): void {
    if (!this.#microphone) return;
    this.#dropPeer();
    this.#round = round;
    const peer = new Peer({
      ice: this.#ice,
      offers: true,
      microphone: this.#microphone,
      say: (kind, body) => this.#signalling?.say(round, kind, body),
      onSound: () => this.#soundCame(peer),
      onLine: (line) => (this.line = line),
      onBroken: () => void this.#renew(),
      onMeasure: (measure) => this.seen?.leg != null && void this.#ask("quality", { leg: this.seen.leg, ...measure }).catch(() => undefined), // the next one will do
      mayBeSilent: () => this.seen?.state === "passed_on", // a telephone may hold us without a sound; the house sees when it is lost
    });
    this.#peer = peer;
    this.#silence();
  }

  #soundCame(peer: Peer): void {
    this.#audio.srcObject = peer.remote;
    void this.#audio.play().catch(() => undefined); // a page that captures may play
    if (this.#context) this.#meters.push(new Meter(this.#context, peer.remote, (level) => (this.theirLevel = level)));
    this.#silence();
    if (this.seen?.leg != null) void this.#ask("heard", { leg: this.seen.leg }).catch(() => undefined); // asked again by the next round
  }

  async #renew(): Promise<void> {
    const round = this.seen?.round;
    if (this.#carries) await this.#tried(async () => void (await this.#ask("renew", { round })));
  }

  /** A track for the other end, and its level for us. */
  async #listen(): Promise<void> {
    this.#microphone ??= await openMicrophone();
    this.#silence();
    if (this.#context && this.#meters.length === 0) {
      this.#meters.push(new Meter(this.#context, new MediaStream([this.#microphone]), (level) => (this.ownLevel = level)));
    }
  }

  #sounds(): void {
    this.#context ??= new AudioContext();
    if (this.#context.state === "suspended") void this.#context.resume();
    this.#music ??= new Music(this.#context);
  }

  /** While nobody is meant to hear us nobody does, and we hear nobody. */
  #silence(): void {
    const state = this.seen?.state;
    if (this.#microphone) this.#microphone.enabled = !this.muted && (state === "talking" || state === "connecting" || state === "passed_on");
    this.#audio.muted = state === "held";
  }

  #playMusic(): void {
    const waits = this.#carries && this.seen?.state !== "talking" && this.seen?.state !== "passed_on";
    if (waits && !this.musicOff) this.#music?.play();
    else this.#music?.stop();
  }

  async #giveSign(): Promise<void> {
    if (!this.#carries) return;
    try {
      const { carries } = await this.#ask<{ carries: boolean }>("alive");
      if (carries) return;
      this.elsewhere = true;
      this.#letGo();
    } catch (error) {
      if (error instanceof Refused && error.code === "no_such_call") this.#lost();
    }
  }

  /** The server knows no such call any more, and we have missed being told. */
  #lost(): void {
    if (this.seen) this.seen = { ...this.seen, state: "ended", ended_by: "network" };
    this.#ended();
  }

  #ended(): void {
    if (this.talkingSince) this.lastedSeconds = Math.round((Date.now() - this.talkingSince) / 1000);
    this.#letGo();
  }

  #letGo(): void {
    clearInterval(this.#signs);
    this.#signalling?.stop();
    this.#signalling = null;
    this.#dropPeer();
    this.#music?.stop();
    for (const meter of this.#meters) meter.stop();
    this.#meters = [];
    this.#microphone?.stop();
    this.#microphone = null;
    this.talkingSince = null;
    this.ownLevel = this.theirLevel = 0;
    this.muted = false;
  }

  #dropPeer(): void {
    this.#peer?.close();
    this.#peer = null;
    this.#round = 0;
    this.#audio.srcObject = null;
    for (const meter of this.#meters.splice(1)) meter.stop();
  }

  #ask<Result>(path: string, more: object = {}, keepalive = false): Promise<Result> {
    return this.#host.ask<Result>(`call/${path}`, { call: this.seen?.id, device: this.#device, ...more }, keepalive);
  }

  async #tried(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof Refused && error.code === "no_such_call") return; // it is over already
      this.#complain(error);
    }
  }

  #complain(error: unknown): void {
    if (error instanceof NoMicrophone) this.fault = error.why;
    else if (error instanceof Refused) this.fault = error.message;
    else if (error instanceof Unreachable) this.fault = "unreachable";
    else if (error instanceof Error && "retryAfterSeconds" in error) this.fault = error.message;
    else throw error;
  }
}
