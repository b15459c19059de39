/** The agent's telephone: follows the calls of the desk, carries the one that is with this page, and does what the agent asks. */
import { Refused, SignedOut, Unreachable, type Api } from "../shared/api";
import type { ServerEvent } from "../shared/sse";
import type { CallSeen, WeakLine } from "./calls";
import { watchCards } from "./cards";
import { Companions } from "./companions";
import { deviceOfPage } from "./device";
import { Dialling } from "./dialling.svelte";
import { Consultation, type ConsultationAbout } from "./consultation.svelte";
import { chosenDevices, keepDevices, playOn, type ChosenDevices } from "./devices";
import { Meter } from "./level";
import { isMicrophoneAllowed, NoMicrophone, openMicrophone, type MicrophoneFault } from "./microphone";
import type { Measure } from "./measure";
import { hasLine } from "./mix";
import { Peer, type LineQuality, type Signal } from "./peer";
import { CallRecording } from "./recording";
import { Ringer } from "./ring";
import { Signalling } from "./signalling";

interface Answer {
  calls: CallSeen[];
  ice: RTCIceServer[];
  /** What a colleague asks this agent about. */
  consultation: ConsultationAbout | null;
  signals?: Signal[];
  line?: WeakLine | null;
  places?: boolean;
}

const SIGN_MS = 5000;
/** A page that nobody looks at lets the one that is looked at take the call first. */
const UNSEEN_WAIT_MS = 1200;
const JOINED = "homeshore-joined";

export class Softphone {
  /** The calls of this agent by contact: one goes on at most, others have ended and wait to be closed. */
  calls: Record<number, CallSeen> = $state.raw({});
  muted = $state(false);
  elsewhere = $state(false);
  line: LineQuality = $state("finding");
  fault: MicrophoneFault | "unreachable" | null = $state(null);
  ownLevel = $state(0);
  theirLevel = $state(0);
  weakLine: WeakLine | null = $state.raw(null);
  /** The call is to be recorded, and this browser cannot. */
  recordingFails = $state(false);
  /** How the call sounds at each end, as a mean opinion score; null before it was measured. */
  scores: Record<"agent" | "customer", number | null> = $state({ agent: null, customer: null });
  devices: ChosenDevices = $state.raw(chosenDevices());

  /** What one asks a colleague, or is asked. */
  readonly consultation: Consultation;
  /** Calls that one places. */
  readonly dialling: Dialling;

  readonly current: CallSeen | null = $derived(Object.values(this.calls).find((call) => call.state !== "ended") ?? null);

  #api: Api;
  #device = deviceOfPage();
  #ice: RTCIceServer[] = [];
  #microphone: MediaStreamTrack | null = null;
  #context: AudioContext | null = null;
  #meters: Meter[] = [];
  #peer: Peer | null = null;
  #recording: CallRecording;
  /** Lines to those who are beside the agent; null while nobody is. */
  #companions: Companions | null = null;
  #typesCard = false;
  #round = 0;
  /** Sound of the customer has come in this round. */
  #heard = false;
  #signalling: Signalling | null = null;
  #joining: number | null = null;
  #joined: number | null = null;
  #audio = new Audio();
  #ringer = new Ringer();
  #signs: ReturnType<typeof setInterval> | undefined;
  #complain: (fault: unknown) => void;

  constructor(api: Api, complain: (fault: unknown) => void) {
    this.#api = api;
    this.#complain = complain;
    this.#audio.autoplay = true;
    this.#recording = new CallRecording({
      api,
      begin: async (id, mediaType) => (await this.#tell<{ take: number }>(id, "recording/take", { media_type: mediaType })).take,
      onFault: () => (this.recordingFails = true),
    });
    this.consultation = new Consultation({
      api,
      currentCall: () => this.current?.id ?? null,
      refresh: () => this.refresh(),
      ringer: () => this.devices.ringer,
      complain,
    });
    this.dialling = new Dialling(api, complain);
    watchCards((typing) => this.#cardTyped(typing));
    window.addEventListener("pagehide", () => {
      const id = this.#joined;
      if (id !== null) api.farewell(`/desk/calls/${id}/leave`, { device: this.#device }); // the lease tells, if this does not
    });
  }

  /** Take the whole picture: at the start, and whenever the desk took a new snapshot. */
  async refresh(): Promise<void> {
    try {
      const answer = await this.#api.get<Answer>("/desk/calls/");
      this.#ice = answer.ice;
      this.weakLine = answer.line ?? null;
      this.dialling.places = answer.places ?? false;
      this.calls = Object.fromEntries(answer.calls.map((call) => [call.contact, call]));
      this.consultation.take(answer.consultation, answer.ice);
      this.#attend();
    } catch (fault) {
      if (!(fault instanceof Unreachable || fault instanceof SignedOut)) throw fault; // the desk says so
    }
  }

  hear(event: ServerEvent): void {
    this.consultation.hear(event);
    const told = event.data as { call: CallSeen | number };
    if (event.kind === "call.companion") this.#companions?.look((event.data as { companion: number }).companion);
    if (event.kind === "call.signal" && told.call === this.#joined) void this.#signalling?.look();
    if (event.kind === "call.line") this.weakLine = (event.data as { line: WeakLine | null }).line;
    if (event.kind === "call.quality") this.#heardQuality(event.data as { call: number; side: "agent" | "customer"; mos: number });
    if (event.kind !== "call.changed") return;
    const call = told.call as CallSeen;
    const known = this.calls[call.contact];
    if (known && (known.id > call.id || (known.id === call.id && (known.leg > call.leg || known.round > call.round)))) return;
    this.calls = { ...this.calls, [call.contact]: call };
    this.#attend();
  }

  /** A contact is no longer with the agent: nothing is left of its call here. */
  forget(contact: number): void {
    const { [contact]: gone, ...rest } = this.calls;
    if (!gone) return;
    this.calls = rest;
    if (gone.id === this.#joined) this.#letGo();
  }

  mute(muted: boolean): void {
    this.muted = muted;
    this.#silence();
  }

  /** Mute the microphone that speaks now, in one's own call or in a colleague's, or no longer. */
  toggleMute(): void {
    if (this.consultation.about) this.consultation.mute(!this.consultation.muted);
    else this.mute(!this.muted);
  }

  async hold(on: boolean): Promise<void> {
    const call = this.current;
    if (call) await this.#tried(() => this.#tell(call.id, "hold", { on }));
  }

  /** Interrupt the recording of the call, or let it go on. */
  async pauseRecording(on: boolean): Promise<void> {
    const call = this.current;
    if (call) await this.#tried(() => this.#tell(call.id, "recording/pause", { why: "agent", on }));
  }

  /** Ask a supervisor for help, or need none any more. */
  async raiseHand(on: boolean): Promise<void> {
    const call = this.current;
    if (call) await this.#tried(() => this.#tell(call.id, "hand", { on }));
  }

  async hangUp(): Promise<void> {
    const call = this.current;
    if (!call) return;
    await this.#tried(() => this.#tell(call.id, "hang-up"));
  }

  /** Carry the call in this page, whoever carried it before; also after the microphone was refused. */
  async takeHere(): Promise<void> {
    const call = this.current;
    this.fault = null;
    this.elsewhere = false;
    if (call) await this.#join(call, true);
  }

  async choose(devices: ChosenDevices): Promise<void> {
    const before = this.devices;
    this.devices = devices;
    keepDevices(devices);
    await playOn(this.#audio, devices.speaker);
    this.#companions?.useSpeaker(devices.speaker);
    if (this.#microphone && before.microphone !== devices.microphone) {
      const track = await openMicrophone(devices.microphone);
      this.#microphone.stop();
      this.#microphone = track;
      this.#companions?.hearAgent(track);
      this.#useVoice();
      this.#silence();
      this.#measureOwn();
    }
  }

  /** Do what the state of the calls asks for: ring, join, begin a round, fall silent, let go. */
  #attend(): void {
    const call = this.current;
    if (call?.state === "ringing") void this.#ring(call);
    else this.#ringer.stop();
    const carried = Object.values(this.calls).find((each) => each.id === this.#joined);
    if (this.#joined !== null && (!carried || carried.state === "ended")) this.#dropLine();
    if (!call || call.state === "ringing" || call.state === "queued") return;
    if (this.#joined === call.id) {
      if (call.round !== this.#round) this.#beginRound(call.round);
      this.#attendCompanions(call);
      this.#record();
    } else if (!this.elsewhere && !this.fault) void this.#join(call);
  }

  async #ring(call: CallSeen): Promise<void> {
    this.#ringer.start(this.devices.ringer);
    void this.#tell(call.id, "rang").catch(() => undefined); // only its time is measured
    if (!this.#microphone && (await isMicrophoneAllowed())) await this.#listen().catch(() => undefined); // said when it is needed
  }

  async #join(call: CallSeen, takeOver = false): Promise<void> {
    if (this.#joining === call.id) return;
    this.#joining = call.id;
    try {
      if (!takeOver && document.visibilityState !== "visible") await new Promise((resume) => setTimeout(resume, UNSEEN_WAIT_MS));
      const [answer] = await Promise.all([this.#tell<Answer>(call.id, "join", { take_over: takeOver }), this.#listen()]);
      const joined = answer.calls.find((each) => each.id === call.id);
      if (!joined || joined.state === "ended") return;
      this.#ice = answer.ice;
      this.calls = { ...this.calls, [joined.contact]: joined };
      this.#carry(joined, answer.signals ?? []);
    } catch (fault) {
      this.#joinFailed(fault);
    } finally {
      this.#joining = null;
    }
  }

  #joinFailed(fault: unknown): void {
    if (fault instanceof Refused && fault.code === "on_another_device") this.elsewhere = true;
    else if (fault instanceof Refused && fault.code === "no_such_call") return; // it was over before we came
    else if (fault instanceof NoMicrophone) this.fault = fault.why;
    else if (fault instanceof Unreachable) this.fault = "unreachable";
    else this.#complain(fault);
  }

  #carry(call: CallSeen, signals: Signal[]): void {
    this.#joined = call.id;
    this.muted = false;
    this.recordingFails = false;
    if (call.recording && call.recording.pauses.includes("desk_card") !== this.#typesCard) this.#tellCard(call.id);
    this.scores = { agent: null, customer: null };
    this.#signalling?.stop();
    const signalling = new Signalling({
      send: (round, kind, body) => this.#tell(call.id, "say", { round, kind, body }),
      fetch: async (after) => (await this.#api.get<{ signals: Signal[] }>(`/desk/calls/${call.id}/signals?after=${after}`)).signals,
      onSignal: (signal) => signal.round === this.#round && this.#peer?.hear(signal),
      isWaiting: () => this.line !== "good",
    });
    this.#signalling = signalling;
    clearInterval(this.#signs);
    this.#signs = setInterval(() => void this.#giveSign(call.id), SIGN_MS);
    // A round that this page had begun before it was loaded again is of no use: both ends begin another.
    if (sessionStorage.getItem(JOINED) === `${call.id}.${call.round}`) void this.#renew();
    else {
      this.#beginRound(call.round);
      signalling.take(signals);
    }
    this.#attendCompanions(call);
  }

  /** Lines to those who are beside the agent, as long as anybody is: then the customer gets the mix in place of the microphone. */
  #attendCompanions(call: CallSeen | null): void {
    const there = call?.companions.filter(hasLine) ?? [];
    if (call && there.length && this.#context) {
      if (!this.#companions) {
        this.#companions = new Companions({ api: this.#api, context: this.#context, ice: this.#ice, speaker: this.devices.speaker });
        this.#companions.hearAgent(this.#microphone);
        this.#companions.hearCustomer(this.#customer);
        this.#useVoice();
      }
      this.#companions.attend(there, call.state === "held");
    } else if (this.#companions) {
      const gone = this.#companions;
      this.#companions = null;
      this.#useVoice();
      gone.close();
    }
    this.#silence();
  }

  /** What the customer is sent, and what is recorded of this end. */
  get #voice(): MediaStreamTrack | null {
    return this.#companions?.toCustomer ?? this.#microphone;
  }

  /** The customer's sound, once it has come: a stream without a track cannot be listened to. */
  get #customer(): MediaStream | null {
    return this.#heard ? (this.#peer?.remote ?? null) : null;
  }

  #useVoice(): void {
    const voice = this.#voice;
    if (voice) void this.#peer?.useMicrophone(voice);
    this.#recording.hearAgent(voice);
  }

  #beginRound(round: number): void {
    const voice = this.#voice;
    if (!voice || this.#joined === null) return;
    const id = this.#joined;
    this.#dropPeer();
    this.#round = round;
    sessionStorage.setItem(JOINED, `${id}.${round}`);
    const peer = new Peer({
      ice: this.#ice,
      offers: false,
      microphone: voice,
      say: (kind, body) => this.#signalling?.say(round, kind, body),
      onSound: () => this.#soundCame(peer),
      onLine: (line) => (this.line = line),
      onBroken: () => void this.#renew(),
      onMeasure: (measure) => this.#measured(measure),
      mayBeSilent: () => this.current?.state === "dialling",
    });
    this.#peer = peer;
    this.#silence();
    void this.#signalling?.look();
  }

  #soundCame(peer: Peer): void {
    this.#audio.srcObject = peer.remote;
    void playOn(this.#audio, this.devices.speaker);
    void this.#audio.play().catch(() => undefined); // a page that captures may play
    if (this.#context) this.#meters.push(new Meter(this.#context, peer.remote, (level) => (this.theirLevel = level)));
    this.#heard = true;
    this.#recording.hearCustomer(peer.remote);
    this.#companions?.hearCustomer(peer.remote);
    const call = this.current;
    if (call) void this.#tell(call.id, "heard", { leg: call.leg }).catch(() => undefined); // asked again by the next round
  }

  #heardQuality(told: { call: number; side: "agent" | "customer"; mos: number }): void {
    if (told.call === this.#joined) this.scores = { ...this.scores, [told.side]: told.mos };
  }

  #measured(measure: Measure): void {
    const call = this.current;
    if (call) void this.#tell(call.id, "quality", { leg: call.leg, ...measure }).catch(() => undefined); // the next one will do
  }

  async #renew(): Promise<void> {
    const call = this.current;
    if (call) await this.#tried(() => this.#tell(call.id, "renew", { round: call.round }));
  }

  async #listen(): Promise<void> {
    this.#context ??= new AudioContext();
    if (this.#context.state === "suspended") void this.#context.resume();
    if (this.#microphone?.readyState === "live") return;
    this.#microphone = await openMicrophone(this.devices.microphone);
    this.#silence();
    this.#measureOwn();
  }

  #measureOwn(): void {
    this.#meters.shift()?.stop();
    if (this.#context && this.#microphone) {
      this.#meters.unshift(new Meter(this.#context, new MediaStream([this.#microphone]), (level) => (this.ownLevel = level)));
    }
  }

  /** Nobody hears the agent who is muted, holds the customer with nobody beside them, or has not taken the call. */
  #silence(): void {
    const state = this.current?.state;
    const speaks = state === "talking" || state === "connecting" || (state === "held" && this.#companions !== null);
    if (this.#microphone) this.#microphone.enabled = !this.muted && speaks;
    this.#audio.muted = state === "held";
  }

  #record(): void {
    const call = this.current;
    if (!call || call.id !== this.#joined) return this.#recording.end();
    this.#recording.follow(call, { context: this.#context, agent: this.#voice, customer: this.#customer }, this.#typesCard);
  }

  /** A field for a card has the focus, or has lost it: silent at once here, and told to the house. */
  #cardTyped(typing: boolean): void {
    this.#typesCard = typing;
    const call = this.current;
    if (!call?.recording || call.id !== this.#joined) return;
    this.#record();
    this.#tellCard(call.id);
  }

  #tellCard(id: number): void {
    void this.#tried(() => this.#tell(id, "recording/pause", { why: "desk_card", on: this.#typesCard }));
  }

  async #giveSign(id: number): Promise<void> {
    try {
      const { carries } = await this.#tell<{ carries: boolean }>(id, "alive");
      if (this.fault === "unreachable") this.fault = null;
      if (carries || this.#joined !== id || this.calls[this.#contactOf(id)]?.state === "ended") return;
      this.#letGo();
      this.elsewhere = true;
      await this.refresh();
    } catch (fault) {
      if (fault instanceof Unreachable) this.fault = "unreachable";
    }
  }

  #contactOf(id: number): number {
    return Object.values(this.calls).find((call) => call.id === id)?.contact ?? 0;
  }

  /** The call is over: no sound, but still a sign of life until its contact is closed. */
  #dropLine(): void {
    this.#recording.end();
    this.#attendCompanions(null);
    this.#signalling?.stop();
    this.#signalling = null;
    this.#dropPeer();
    for (const meter of this.#meters) meter.stop();
    this.#meters = [];
    this.#microphone?.stop();
    this.#microphone = null;
    this.ownLevel = this.theirLevel = 0;
    this.muted = false;
    if (this.current && this.#joined !== this.current.id) this.#joined = null;
  }

  #letGo(): void {
    this.#dropLine();
    clearInterval(this.#signs);
    this.#joined = null;
  }

  #dropPeer(): void {
    this.#peer?.close();
    this.#peer = null;
    this.#round = 0;
    this.line = "finding";
    this.#heard = false;
    this.#recording.hearCustomer(null);
    this.#companions?.hearCustomer(null);
    this.#audio.srcObject = null;
    for (const meter of this.#meters.splice(1)) meter.stop();
  }

  #tell<Result>(id: number, verb: string, more: object = {}): Promise<Result> {
    return this.#api.post<Result>(`/desk/calls/${id}/${verb}`, { device: this.#device, ...more });
  }

  async #tried(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (fault) {
      if (fault instanceof Refused && fault.code === "no_such_call") return; // it is over already
      this.#complain(fault);
    }
  }
}
