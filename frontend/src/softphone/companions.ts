/** The lines from the agent's page to those who are beside the agent, and the mix of voices that each gets. */
import type { Api } from "../shared/api";
import { playOn } from "./devices";
import { AGENT, CUSTOMER, Mixer, nameOf, routesOf, type Companion } from "./mix";
import { Peer, type LineQuality, type Signal } from "./peer";
import { Signalling } from "./signalling";

interface Line {
  round: number;
  peer: Peer;
  signalling: Signalling;
  /** Plays their voice to the agent. */
  ear: HTMLAudioElement;
}

export interface CompanionsOptions {
  api: Api;
  context: AudioContext;
  ice: RTCIceServer[];
  speaker: string;
}

export class Companions {
  #options: CompanionsOptions;
  #mixer: Mixer;
  #lines = new Map<number, Line>();

  constructor(options: CompanionsOptions) {
    this.#options = options;
    this.#mixer = new Mixer(options.context);
  }

  /** What the customer gets, in place of the microphone. */
  get toCustomer(): MediaStreamTrack {
    return this.#mixer.trackFor(CUSTOMER);
  }

  hearAgent(microphone: MediaStreamTrack | null): void {
    this.#mixer.hear(AGENT, microphone && new MediaStream([microphone]));
  }

  hearCustomer(stream: MediaStream | null): void {
    this.#mixer.hear(CUSTOMER, stream);
  }

  /** Who is beside the agent now: lines are opened, renewed and closed, and the voices led to whom they are for. */
  attend(companions: Companion[], held: boolean): void {
    for (const id of this.#lines.keys()) if (!companions.some((each) => each.id === id)) this.#drop(id);
    for (const companion of companions) {
      if (this.#lines.get(companion.id)?.round !== companion.round) this.#open(companion);
      const line = this.#lines.get(companion.id);
      if (line) line.ear.muted = companion.part === "listen";
    }
    this.#mixer.route(routesOf(companions, held));
  }

  /** A companion's page has said something. */
  look(id: number): void {
    void this.#lines.get(id)?.signalling.look();
  }

  useSpeaker(device: string): void {
    this.#options.speaker = device;
    for (const { ear } of this.#lines.values()) void playOn(ear, device);
  }

  close(): void {
    for (const id of [...this.#lines.keys()]) this.#drop(id);
    this.#mixer.close();
  }

  #open(companion: Companion): void {
    this.#drop(companion.id);
    const { id, round } = companion;
    const { api, ice, speaker } = this.#options;
    let quality: LineQuality = "finding";
    const ear = new Audio();
    ear.autoplay = true;
    const signalling = new Signalling({
      send: (said, kind, body) => api.post(`/desk/calls/companions/${id}/say`, { round: said, kind, body }),
      fetch: async (after) => (await api.get<{ signals: Signal[] }>(`/desk/calls/companions/${id}/signals?after=${after}`)).signals,
      onSignal: (signal) => signal.round === round && peer.hear(signal),
      isWaiting: () => quality !== "good",
    });
    const peer: Peer = new Peer({
      ice,
      offers: false,
      microphone: this.#mixer.trackFor(nameOf(companion)),
      say: (kind, body) => signalling.say(round, kind, body),
      onSound: () => {
        ear.srcObject = peer.remote;
        void playOn(ear, speaker);
        void ear.play().catch(() => undefined); // a page that captures may play
        this.#mixer.hear(nameOf(companion), peer.remote);
      },
      onLine: (line) => (quality = line),
      onBroken: () => undefined, // theirs says so, and begins the next round
    });
    this.#lines.set(id, { round, peer, signalling, ear });
    void signalling.look();
  }

  #drop(id: number): void {
    const line = this.#lines.get(id);
    if (!line) return;
    line.signalling.stop();
    line.peer.close();
    line.ear.srcObject = null;
    this.#mixer.hear(nameOf({ id }), null);
    this.#lines.delete(id);
  }
}
