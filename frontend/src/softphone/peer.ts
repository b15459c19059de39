/**
 * One end of a call by WebRTC. The customer's end always offers and the agent's answers, so that two offers cannot cross.
 * A peer lives for one round; a line that breaks is first mended by an ICE restart, and given up when that does not help.
 */
import { countedIn, measureBetween, type Counted, type Measure } from "./measure";

export type SignalKind = "offer" | "answer" | "candidate" | "restart";

export interface Signal {
  id: number;
  round: number;
  kind: SignalKind;
  body: unknown;
}

export type LineQuality = "finding" | "good" | "mending";

export interface PeerOptions {
  ice: RTCIceServer[];
  /** Whether this end makes the offers. */
  offers: boolean;
  microphone: MediaStreamTrack;
  say: (kind: SignalKind, body: unknown) => void;
  /** Sound of the other end arrives for the first time. */
  onSound: () => void;
  onLine: (line: LineQuality) => void;
  /** Mending did not help: both ends must begin anew. */
  onBroken: () => void;
  /** What was received over the last seconds, every few of them. */
  onMeasure?: (measure: Measure) => void;
  /** Whether nothing need come just now: nobody has answered yet. */
  mayBeSilent?: () => boolean;
}

const SOUND_LOOK_MS = 40;
const WATCH_MS = 1000;
/** Nothing has come for so long: the line is mended, though nobody says that it is broken. */
const SILENCE_MS = 5000;
const PATIENCE_MS = 2000;
const MEASURE_MS = 5000;
const MENDING_MS = 8000;

export class Peer {
  readonly remote = new MediaStream();
  #pc: RTCPeerConnection;
  #options: PeerOptions;
  #work: Promise<void> = Promise.resolve();
  #early: RTCIceCandidateInit[] = [];
  #found: RTCIceCandidateInit[] = [];
  #telling: ReturnType<typeof setTimeout> | undefined;
  #mendAt: ReturnType<typeof setTimeout> | undefined;
  #giveUpAt: ReturnType<typeof setTimeout> | undefined;
  #soundTimer: ReturnType<typeof setInterval> | undefined;
  #watchTimer: ReturnType<typeof setInterval> | undefined;
  #measureTimer: ReturnType<typeof setInterval> | undefined;
  #counted: Counted | null = null;
  #received = 0;
  #receivedAt = 0;
  #heard = false;
  #closed = false;

  constructor(options: PeerOptions) {
    this.#options = options;
    this.#pc = new RTCPeerConnection({ iceServers: options.ice, bundlePolicy: "max-bundle" });
    this.#pc.onicecandidate = ({ candidate }) => candidate && this.#tell(candidate.toJSON());
    this.#pc.onconnectionstatechange = () => this.#stateChanged();
    this.#pc.ontrack = ({ track }) => {
      this.remote.addTrack(track);
      this.#soundTimer ??= setInterval(() => void this.#lookForSound(), SOUND_LOOK_MS);
    };
    if (options.offers) {
      this.#pc.addTransceiver(options.microphone, { direction: "sendrecv" });
      this.#do(() => this.#offer());
    }
    window.addEventListener("online", this.#mend);
    options.onLine("finding");
  }

  /** What the other end said, in order. */
  hear(signal: Signal): void {
    this.#do(() => this.#take(signal));
  }

  /** Speak with another microphone from now on. */
  async useMicrophone(track: MediaStreamTrack): Promise<void> {
    this.#options.microphone = track;
    await this.#pc.getSenders().find((sender) => sender.track?.kind === "audio" || sender.track === null)?.replaceTrack(track);
  }

  close(): void {
    this.#closed = true;
    for (const timer of [this.#telling, this.#mendAt, this.#giveUpAt]) clearTimeout(timer);
    clearInterval(this.#soundTimer);
    clearInterval(this.#watchTimer);
    clearInterval(this.#measureTimer);
    window.removeEventListener("online", this.#mend);
    this.#pc.close();
  }

  /** One thing after another, whatever order it was asked in; a fault of the browser ends the round (after a pause: the next may fail as fast), not the call. */
  #do(task: () => Promise<void>): void {
    this.#work = this.#work.then(async () => {
      if (this.#closed) return;
      try {
        await task();
      } catch (fault) {
        if (this.#closed) return;
        console.warn("Homeshore: the line could not be set up", fault);
        this.#giveUpAt ??= setTimeout(() => !this.#closed && this.#options.onBroken(), PATIENCE_MS);
      }
    });
  }

  async #offer(): Promise<void> {
    await this.#pc.setLocalDescription(await this.#pc.createOffer());
    this.#options.say("offer", { sdp: this.#pc.localDescription?.sdp });
  }

  async #take({ kind, body }: Signal): Promise<void> {
    if (kind === "offer" && !this.#options.offers) {
      await this.#pc.setRemoteDescription({ type: "offer", sdp: (body as { sdp: string }).sdp });
      const transceiver = this.#pc.getTransceivers()[0];
      if (transceiver && !transceiver.sender.track) {
        transceiver.direction = "sendrecv";
        await transceiver.sender.replaceTrack(this.#options.microphone);
      }
      await this.#pc.setLocalDescription(await this.#pc.createAnswer());
      this.#options.say("answer", { sdp: this.#pc.localDescription?.sdp });
      await this.#takeEarly();
    } else if (kind === "answer" && this.#options.offers && this.#pc.signalingState === "have-local-offer") {
      await this.#pc.setRemoteDescription({ type: "answer", sdp: (body as { sdp: string }).sdp });
      await this.#takeEarly();
    } else if (kind === "candidate") {
      this.#early.push(...(body as RTCIceCandidateInit[]));
      if (this.#pc.remoteDescription) await this.#takeEarly();
    } else if (kind === "restart" && this.#options.offers) {
      this.#pc.restartIce();
      await this.#offer();
    }
  }

  async #takeEarly(): Promise<void> {
    const candidates = this.#early;
    this.#early = [];
    for (const candidate of candidates) await this.#pc.addIceCandidate(candidate);
  }

  /** Candidates are told a few at a time, in the same breath. */
  #tell(candidate: RTCIceCandidateInit): void {
    this.#found.push(candidate);
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      const found = this.#found;
      this.#found = [];
      if (!this.#closed) this.#options.say("candidate", found);
    }, 20);
  }

  #stateChanged(): void {
    const state = this.#pc.connectionState;
    if (state === "connected") {
      clearTimeout(this.#mendAt);
      clearTimeout(this.#giveUpAt);
      this.#mendAt = this.#giveUpAt = undefined;
      this.#options.onLine("good");
      this.#receivedAt = Date.now();
      this.#watchTimer ??= setInterval(() => void this.#watch(), WATCH_MS);
      this.#measureTimer ??= setInterval(() => void this.#measure(), MEASURE_MS);
    } else if (state === "disconnected") {
      this.#options.onLine("mending");
      this.#mendAt ??= setTimeout(this.#mend, PATIENCE_MS);
    } else if (state === "failed") {
      this.#options.onLine("mending");
      this.#mend();
    }
  }

  #mend = (): void => {
    if (this.#closed || !this.#pc.remoteDescription) return;
    clearTimeout(this.#mendAt);
    this.#mendAt = undefined;
    this.#options.onLine("mending");
    if (this.#options.offers) {
      this.#do(async () => {
        this.#pc.restartIce();
        await this.#offer();
      });
    } else this.#options.say("restart", null);
    this.#giveUpAt ??= setTimeout(() => {
      if (!this.#closed && this.#pc.connectionState !== "connected") this.#options.onBroken();
      else this.#giveUpAt = undefined;
    }, MENDING_MS);
  };

  async #lookForSound(): Promise<void> {
    if (this.#heard || (await this.#packets()) === 0 || this.#heard || this.#closed) return;
    this.#heard = true;
    clearInterval(this.#soundTimer);
    this.#options.onSound();
  }

  /** A connection that calls itself good and brings nothing is not. */
  async #watch(): Promise<void> {
    if (this.#closed || this.#pc.connectionState !== "connected") return;
    const received = await this.#packets();
    if (received > this.#received || this.#options.mayBeSilent?.()) {
      this.#received = received;
      this.#receivedAt = Date.now();
    } else if (Date.now() - this.#receivedAt > SILENCE_MS) {
      this.#receivedAt = Date.now();
      this.#mend();
    }
  }

  async #measure(): Promise<void> {
    if (this.#closed || this.#pc.connectionState !== "connected") return;
    const counted = countedIn(await this.#pc.getStats());
    const measure = counted && this.#counted && measureBetween(this.#counted, counted);
    this.#counted = counted;
    if (measure) this.#options.onMeasure?.(measure);
  }

  async #packets(): Promise<number> {
    let received = 0;
    for (const report of (await this.#pc.getStats()).values()) {
      const entry = report as { type: string; kind?: string; packetsReceived?: number };
      if (entry.type === "inbound-rtp" && entry.kind === "audio") received += entry.packetsReceived ?? 0;
    }
    return received;
  }
}
