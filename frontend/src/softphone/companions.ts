/** The lines from the agent's page to those who are beside the agent, and the mix of voices that each gets. */
import type { Api } from "../shared/api";
import { CompanionLine } from "./companionLine";
import { playOn } from "./devices";
import { AGENT, CUSTOMER, isHeardByAgent, Mixer, nameOf, routesOf, type Companion } from "./mix";

interface Known {
  companion: Companion;
  line: CompanionLine;
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
  #lines = new Map<number, Known>();

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
      if (this.#lines.get(companion.id)?.line.round !== companion.round) this.#open(companion);
      const known = this.#lines.get(companion.id);
      if (!known) continue;
      known.companion = companion;
      known.ear.muted = !isHeardByAgent(companion, held);
    }
    this.#mixer.route(routesOf(companions, held));
  }

  /** A companion's page has said something. */
  look(id: number): void {
    this.#lines.get(id)?.line.look();
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
    const ear = new Audio();
    ear.autoplay = true;
    const line = new CompanionLine({
      api: this.#options.api,
      id: companion.id,
      round: companion.round,
      ice: this.#options.ice,
      offers: false,
      microphone: this.#mixer.trackFor(nameOf(companion)),
      onSound: (sound) => {
        ear.srcObject = sound;
        void playOn(ear, this.#options.speaker);
        void ear.play().catch(() => undefined); // a page that captures may play
        this.#mixer.hear(nameOf(companion), sound);
      },
      mayBeSilent: () => this.#lines.get(companion.id)?.companion.part === "asked",
    });
    this.#lines.set(companion.id, { companion, line, ear });
  }

  #drop(id: number): void {
    const known = this.#lines.get(id);
    if (!known) return;
    known.line.close();
    known.ear.srcObject = null;
    this.#mixer.hear(nameOf({ id }), null);
    this.#lines.delete(id);
  }
}
