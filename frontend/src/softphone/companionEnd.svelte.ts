/** The page of who is beside an agent in a call, whether a supervisor or a colleague whom they ask: its sound, as long as it lasts. */
import { Refused, type Api } from "../shared/api";
import type { ServerEvent } from "../shared/sse";
import { CompanionLine } from "./companionLine";
import { chosenDevices, playOn } from "./devices";
import { openMicrophone } from "./microphone";
import { Mixer } from "./mix";
import type { LineQuality } from "./peer";

const SIGN_MS = 5000;

export class CompanionEnd {
  line: LineQuality = $state("finding");
  /** The browser lets a page that was loaded again make no sound before somebody presses something on it. */
  waitsForPress = $state(false);

  #api: Api;
  /** One is in the call no longer, as the server says. */
  #onGone: () => void;
  #id: number | null = null;
  #ice: RTCIceServer[] = [];
  #round = 0;
  #line: CompanionLine | null = null;
  #signs: ReturnType<typeof setInterval> | undefined;
  /** Made with the context, as somebody presses a button. */
  #audio: HTMLAudioElement | null = null;
  #context: AudioContext | null = null;
  /** What is sent while nobody is to hear one. */
  #silence: Mixer | null = null;
  #microphone: MediaStreamTrack | null = null;

  constructor(api: Api, onGone: () => void) {
    this.#api = api;
    this.#onGone = onGone;
  }

  /** Whether this page carries the end. */
  get carries(): boolean {
    return this.#id !== null;
  }

  /** Sound may be made from now on: to be called as somebody presses a button. */
  awake(): AudioContext {
    if (!this.#context) {
      this.#context = new AudioContext();
      this.#audio = new Audio();
      window.addEventListener("pagehide", () => this.#id !== null && this.#api.farewell(`/companions/${this.#id}/away`)); // it may be loaded again; the lease tells, if this does not
    }
    if (this.#context.state === "suspended") void this.#context.resume();
    return this.#context;
  }

  begin(id: number, round: number, ice: RTCIceServer[]): void {
    this.#carry(id, ice);
    this.follow(round);
  }

  /** Carry on what this page carried before it was loaded again. What it knew of that round is gone: both ends begin the next. */
  async comeBack(id: number, round: number, ice: RTCIceServer[]): Promise<void> {
    this.#carry(id, ice);
    this.#round = round;
    void this.#giveSign(id); // the browser may ask for the microphone for longer than a page may be away
    await this.speak(true);
    await this.tell("renew", { round });
  }

  /** The round that the server tells: another one than ours is begun. */
  follow(round: number): void {
    if (this.#id === null || round <= this.#round) return;
    this.#dropLine();
    this.#round = round;
    this.#line = new CompanionLine({
      api: this.#api,
      id: this.#id,
      round,
      ice: this.#ice,
      offers: true,
      microphone: this.#voice(),
      onSound: (sound) => void this.#play(sound),
      onLine: (line) => (this.line = line),
      onBroken: () => void this.tell("renew", { round }).catch(() => undefined), // the next sign of life tells what has become of it
    });
  }

  hear(event: ServerEvent): void {
    if (event.kind === "call.companion" && (event.data as { companion: number }).companion === this.#id) this.#line?.look();
  }

  /** Have a microphone, or give it back; raises NoMicrophone. */
  async speak(on: boolean): Promise<void> {
    if (on) this.#microphone ??= await openMicrophone(chosenDevices().microphone);
    else this.#closeMicrophone();
    if (this.#line) await this.#line.useMicrophone(this.#voice());
  }

  mute(muted: boolean): void {
    if (this.#microphone) this.#microphone.enabled = !muted;
  }

  end(): void {
    this.#dropLine();
    clearInterval(this.#signs);
    this.#closeMicrophone();
    this.#silence?.close();
    this.#silence = null;
    this.#id = null;
    this.#round = 0;
    this.waitsForPress = false;
  }

  #carry(id: number, ice: RTCIceServer[]): void {
    this.#dropLine();
    clearInterval(this.#signs);
    this.#silence ??= new Mixer(this.awake());
    this.#id = id;
    this.#ice = ice;
    this.#signs = setInterval(() => void this.#giveSign(id), SIGN_MS);
  }

  tell<Result>(verb: string, more: object = {}): Promise<Result> {
    return this.#api.post<Result>(`/companions/${this.#id}/${verb}`, more);
  }

  async #play(sound: MediaStream): Promise<void> {
    if (!this.#audio) return;
    this.#audio.srcObject = sound;
    await playOn(this.#audio, chosenDevices().speaker);
    try {
      await this.#audio.play();
    } catch (fault) {
      if (!(fault instanceof DOMException) || fault.name !== "NotAllowedError") return; // there is other sound to play by now
      this.waitsForPress = true;
      for (const press of ["pointerdown", "keydown"]) document.addEventListener(press, () => void this.#pressed(), { once: true });
    }
  }

  async #pressed(): Promise<void> {
    if (!this.waitsForPress) return;
    this.waitsForPress = false;
    if (this.#id === null) return;
    this.awake();
    await this.#audio?.play().catch(() => undefined); // they pressed something on this page
  }

  #voice(): MediaStreamTrack {
    return this.#microphone ?? (this.#silence as Mixer).trackFor("nobody");
  }

  async #giveSign(id: number): Promise<void> {
    try {
      const { here } = await this.tell<{ here: boolean }>("alive");
      if (!here && this.#id === id) this.#onGone();
    } catch (fault) {
      if (fault instanceof Refused && this.#id === id) this.#onGone();
    }
  }

  #dropLine(): void {
    this.#line?.close();
    this.#line = null;
    this.#round = 0;
    if (this.#audio) this.#audio.srcObject = null;
    this.line = "finding";
  }

  #closeMicrophone(): void {
    this.#microphone?.stop();
    this.#microphone = null;
  }
}
