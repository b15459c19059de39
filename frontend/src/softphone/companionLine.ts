/** The line of one round between the page of an agent in a call and that of who is beside them: theirs offers, the agent's answers. */
import type { Api } from "../shared/api";
import { Peer, type LineQuality, type Signal } from "./peer";
import { Signalling } from "./signalling";

export interface CompanionLineOptions {
  api: Api;
  /** Of the companion, and of the round. */
  id: number;
  round: number;
  ice: RTCIceServer[];
  offers: boolean;
  microphone: MediaStreamTrack;
  onSound: (sound: MediaStream) => void;
  onLine?: (line: LineQuality) => void;
  /** Mending did not help; the companion's page says so, and both begin the next round. */
  onBroken?: () => void;
  /** Whether nothing need come just now: a telephone rings somewhere. */
  mayBeSilent?: () => boolean;
}

export class CompanionLine {
  readonly round: number;
  #peer: Peer;
  #signalling: Signalling;
  #quality: LineQuality = "finding";

  constructor({ api, id, round, ice, offers, microphone, onSound, onLine, onBroken, mayBeSilent }: CompanionLineOptions) {
    this.round = round;
    this.#signalling = new Signalling({
      send: (said, kind, body) => api.post(`/companions/${id}/say`, { round: said, kind, body }),
      fetch: async (after) => (await api.get<{ signals: Signal[] }>(`/companions/${id}/signals?after=${after}`)).signals,
      onSignal: (signal) => signal.round === round && this.#peer.hear(signal),
      isWaiting: () => this.#quality !== "good",
    });
    this.#peer = new Peer({
      ice,
      offers,
      microphone,
      say: (kind, body) => this.#signalling.say(round, kind, body),
      onSound: () => onSound(this.#peer.remote),
      onLine: (line) => {
        this.#quality = line;
        onLine?.(line);
      },
      onBroken: () => onBroken?.(),
      mayBeSilent,
    });
    if (!offers) this.look();
  }

  /** The other page has said something. */
  look(): void {
    void this.#signalling.look();
  }

  async useMicrophone(track: MediaStreamTrack): Promise<void> {
    await this.#peer.useMicrophone(track);
  }

  close(): void {
    this.#signalling.stop();
    this.#peer.close();
  }
}
