/** A check of the line at home, step by step; what it measured goes to the server, which says in words what it found. */
import { Refused, SignedOut, Unreachable, type Api } from "../shared/api";
import { chosenDevices, knownDevices } from "../softphone/devices";
import type { Measure } from "../softphone/measure";
import { NoMicrophone, openMicrophone, type MicrophoneFault } from "../softphone/microphone";
import { download, latency, upload } from "./data";
import { browserName, connectionOfBrowser, headsetBy, type Connection, type Headset } from "./home";
import { throughRelay, type Loop } from "./loopback";
import { levelAt, openBareMicrophone, Room } from "./room";

export type Step = "voice" | "quiet" | "tone" | "data" | "sound";
export type Kind = "whole" | "shift";
export const STEPS: Record<Kind, Step[]> = { whole: ["voice", "quiet", "tone", "data", "sound"], shift: ["sound"] };

export interface CheckShown {
  at: string;
  kind: Kind;
  mos: number | null;
  lowest_mos: number | null;
  seconds: number;
  browser: string;
  latency_ms: number | null;
  findings: { weight: "good" | "better" | "below"; text: string }[];
  queues: { name: string; meets: boolean | null }[];
}

interface Begun {
  ice: RTCIceServer[];
  piece: number;
  seconds: Record<Kind, number>;
  checks: CheckShown[];
}

interface Sound {
  voice_db: number;
  noise_db: number;
  echo_db: number;
}

export class LineCheck {
  begun: Begun | null = $state.raw(null);
  step: Step | null = $state(null);
  kind: Kind = $state("whole");
  /** Of the microphone, in decibels of full scale. */
  level = $state(-100);
  done = $state(0);
  last: Measure | null = $state.raw(null);
  result: CheckShown | null = $state.raw(null);
  fault: MicrophoneFault | "unreachable" | null = $state(null);
  refusal = $state("");
  headset: Headset = $state("");
  connection: Connection = $state(connectionOfBrowser());
  label = $state("");

  #api: Api;
  #token: () => string;

  constructor(api: Api, token: () => string) {
    this.#api = api;
    this.#token = token;
  }

  get seconds(): number {
    return this.begun?.seconds[this.kind] ?? 0;
  }

  async open(): Promise<void> {
    await this.#said(async () => {
      this.begun = await this.#api.get<Begun>("/line/begin");
      this.result = this.begun.checks[0] ?? null;
    });
  }

  async run(kind: Kind): Promise<void> {
    this.kind = kind;
    this.fault = null;
    this.refusal = "";
    this.result = null;
    this.done = 0;
    this.last = null;
    try {
      await this.#said(async () => this.#keep(await this.#measured(kind)));
    } finally {
      this.step = null;
    }
  }

  async #measured(kind: Kind): Promise<object> {
    // A fresh pass for the relay: the page may have stood open for longer than one lasts.
    this.begun = await this.#api.get<Begun>("/line/begin");
    const track = await openMicrophone(chosenDevices().microphone);
    try {
      await this.#nameHeadset(track);
      const sound = kind === "whole" ? await this.#room() : null;
      if (kind === "whole") this.step = "data";
      const quick = { latency_ms: await latency() };
      const data = kind === "whole" ? { down_kbps: await download(), up_kbps: await upload(this.begun.piece, this.#token) } : {};
      return { ...quick, ...data, sound, ...(await this.#line(track)) };
    } finally {
      track.stop();
    }
  }

  async #room(): Promise<Sound> {
    const context = new AudioContext();
    const bare = await openBareMicrophone(chosenDevices().microphone);
    try {
      await context.resume();
      const room = new Room(context, bare);
      this.step = "voice";
      const voice = await room.listen(5000, (level) => (this.level = level));
      this.step = "quiet";
      const noise = await room.listen(3000, (level) => (this.level = level));
      this.step = "tone";
      const echo = await room.hearTone(chosenDevices().speaker);
      return { voice_db: levelAt(voice, 0.9), noise_db: levelAt(noise, 0.5), echo_db: echo };
    } finally {
      bare.stop();
      await context.close();
    }
  }

  async #line(track: MediaStreamTrack): Promise<Loop> {
    const ice = this.begun?.ice ?? [];
    if (!ice.length) return { media: [], broken: false };
    this.step = "sound";
    return throughRelay({
      ice,
      track,
      seconds: this.seconds,
      onSecond: (done, measure) => {
        this.done = done;
        this.last = measure;
      },
    });
  }

  async #nameHeadset(track: MediaStreamTrack): Promise<void> {
    const { inputs } = await knownDevices();
    this.label = track.label || (inputs[0]?.label ?? "");
    this.headset ||= headsetBy(this.label);
  }

  async #keep(measured: object): Promise<void> {
    const told = { headset: this.headset, connection: this.connection, screen_width: screen.width, browser: browserName(navigator.userAgent) };
    const { check } = await this.#api.post<{ check: CheckShown }>("/line/checks", { kind: this.kind, ...told, ...measured });
    this.result = check;
    if (this.begun) this.begun = { ...this.begun, checks: [check, ...this.begun.checks].slice(0, 10) };
  }

  /** Do it, and say what went wrong in the person's words; what nobody foresaw stays an error. */
  async #said(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (fault) {
      if (fault instanceof NoMicrophone) this.fault = fault.why;
      else if (fault instanceof Refused) this.refusal = fault.message;
      else if (fault instanceof Unreachable || fault instanceof SignedOut) this.fault = "unreachable";
      else throw fault;
    }
  }
}
