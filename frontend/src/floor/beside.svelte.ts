/** The supervisor beside the agent of a call: one call at a time, for as long as this page is open. */
import { Refused, type Api } from "../shared/api";
import type { ServerEvent } from "../shared/sse";
import { chosenDevices, playOn } from "../softphone/devices";
import { NoMicrophone, openMicrophone, type MicrophoneFault } from "../softphone/microphone";
import { Mixer, type Part } from "../softphone/mix";
import { Peer, type LineQuality, type Signal } from "../softphone/peer";
import { Signalling } from "../softphone/signalling";
import type { Call } from "./types";

interface Answer {
  id: number;
  round: number;
  part: Part;
  ice: RTCIceServer[];
}

/** The call beside whose agent one is; `seen` once the floor has told of it. */
export interface Here extends Answer {
  call: number;
  contact: number;
  agent: number;
  seen: boolean;
}

const SIGN_MS = 5000;
const ENDED = "no_such_call";

export class Beside {
  here: Here | null = $state.raw(null);
  line: LineQuality = $state("finding");
  fault: MicrophoneFault | null = $state(null);
  busy = $state(false);

  #api: Api;
  #complain: (fault: unknown) => void;
  #context: AudioContext | null = null;
  #silence: Mixer | null = null;
  #microphone: MediaStreamTrack | null = null;
  #peer: Peer | null = null;
  #signalling: Signalling | null = null;
  #signs: ReturnType<typeof setInterval> | undefined;
  #audio: HTMLAudioElement | null = null;

  constructor(api: Api, complain: (fault: unknown) => void) {
    this.#api = api;
    this.#complain = complain;
  }

  /** Come beside the agent of a call, unheard at first. */
  async comeIn(call: Call): Promise<void> {
    await this.#tried(async () => {
      if (!this.#audio) {
        this.#audio = new Audio();
        window.addEventListener("pagehide", () => this.here && this.#api.farewell(`/floor/companions/${this.here.id}/leave`)); // the lease tells, if this does not
      }
      this.#context ??= new AudioContext();
      void this.#context.resume();
      const answer = await this.#api.post<Answer>(`/floor/calls/${call.id}/come-in`, { part: "listen" });
      this.#letGo();
      this.#silence = new Mixer(this.#context);
      this.here = { ...answer, call: call.id, contact: call.contact, agent: call.agent as number, seen: false };
      this.#signs = setInterval(() => void this.#giveSign(answer.id), SIGN_MS);
      this.#beginRound();
    });
  }

  /** Listen, whisper to the agent, or speak with both. Nobody is spoken to without a microphone. */
  async take(part: Part): Promise<void> {
    const { here } = this;
    if (!here || here.part === part) return;
    await this.#tried(async () => {
      if (part !== "listen") this.#microphone ??= await openMicrophone(chosenDevices().microphone);
      await this.#tell("part", { part });
      if (this.here?.id !== here.id) return this.#closeMicrophone();
      this.here = { ...this.here, part };
      if (part === "listen") this.#closeMicrophone();
      await this.#peer?.useMicrophone(this.#voice());
    });
  }

  async leave(): Promise<void> {
    const { here } = this;
    if (!here) return;
    const told = this.#tell("leave");
    this.#letGo();
    await this.#tried(async () => void (await told));
  }

  hear(event: ServerEvent): void {
    const { here } = this;
    if (!here) return;
    if (event.kind === "call.companion" && (event.data as { companion: number }).companion === here.id) void this.#signalling?.look();
    if (event.kind !== "call.changed") return;
    const { call } = event.data as { call: Call };
    if (call.id !== here.call) return;
    const mine = call.companions.find((each) => each.id === here.id);
    if (mine) {
      this.here = { ...here, seen: true, round: mine.round };
      if (mine.round > here.round) this.#beginRound();
    } else if (here.seen) this.#letGo(); // the call is over, or with somebody else
  }

  #beginRound(): void {
    const { here } = this;
    if (!here) return;
    this.#dropPeer();
    const { id, round } = here;
    const signalling = new Signalling({
      send: (said, kind, body) => this.#tell("say", { round: said, kind, body }),
      fetch: async (after) => (await this.#api.get<{ signals: Signal[] }>(`/floor/companions/${id}/signals?after=${after}`)).signals,
      onSignal: (signal) => signal.round === round && peer.hear(signal),
      isWaiting: () => this.line !== "good",
    });
    const peer: Peer = new Peer({
      ice: here.ice,
      offers: true,
      microphone: this.#voice(),
      say: (kind, body) => signalling.say(round, kind, body),
      onSound: () => void this.#play(peer.remote),
      onLine: (line) => (this.line = line),
      onBroken: () => void this.#tell("renew", { round }).catch((fault: unknown) => this.#complain(fault)),
    });
    this.#signalling = signalling;
    this.#peer = peer;
  }

  async #play(sound: MediaStream): Promise<void> {
    if (!this.#audio) return;
    this.#audio.srcObject = sound;
    await playOn(this.#audio, chosenDevices().speaker);
    await this.#audio.play().catch(() => undefined); // they pressed a button on this page
  }

  #voice(): MediaStreamTrack {
    return this.#microphone ?? (this.#silence as Mixer).trackFor("nobody");
  }

  async #giveSign(id: number): Promise<void> {
    try {
      const { here } = await this.#tell<{ here: boolean }>("alive");
      if (!here && this.here?.id === id) this.#letGo();
    } catch (fault) {
      if (fault instanceof Refused && this.here?.id === id) this.#letGo();
    }
  }

  #letGo(): void {
    this.#dropPeer();
    clearInterval(this.#signs);
    this.#closeMicrophone();
    this.#silence?.close();
    this.#silence = null;
    this.here = null;
    this.fault = null;
  }

  #dropPeer(): void {
    this.#signalling?.stop();
    this.#signalling = null;
    this.#peer?.close();
    this.#peer = null;
    if (this.#audio) this.#audio.srcObject = null;
    this.line = "finding";
  }

  #closeMicrophone(): void {
    this.#microphone?.stop();
    this.#microphone = null;
  }

  #tell<Result>(verb: string, more: object = {}): Promise<Result> {
    return this.#api.post<Result>(`/floor/companions/${this.here?.id}/${verb}`, more);
  }

  async #tried(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.fault = null;
    try {
      await work();
    } catch (fault) {
      if (fault instanceof NoMicrophone) this.fault = fault.why;
      else if (fault instanceof Refused && fault.code === ENDED && this.here) this.#letGo();
      else this.#complain(fault);
    } finally {
      this.busy = false;
    }
  }
}
