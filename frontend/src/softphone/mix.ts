/**
 * Who hears whom when somebody is beside the agent in a call. The agent's page is where the voices meet, with either driver:
 * the customer is at one end of it, and each companion at another.
 */

export type SupervisorsPart = "listen" | "whisper" | "join";
/** Who is `asked` hears and is heard in a `consult` as long as the customer is on hold, and may `join` too. */
export type Part = SupervisorsPart | "asked" | "consult";

/** Who is beside the agent, as the server tells it. */
export interface Companion {
  id: number;
  name: string;
  part: Part;
  /** Rises each time the two pages must find each other anew. */
  round: number;
  /** The agent whom one asked; null for supervisors, who come by themselves, and for who is outside the house. */
  colleague: number | null;
  /** Somebody at a number outside the house was asked. */
  outside: boolean;
  /** The call is to be theirs as soon as they answer. */
  passes_on: boolean;
}

type Placed = Pick<Companion, "id" | "part" | "outside">;

export interface Route {
  voice: string;
  ear: string;
}

export const AGENT = "agent";
export const CUSTOMER = "customer";

/** The name of a companion among voices and ears. */
export function nameOf({ id }: Pick<Companion, "id">): string {
  return `companion-${id}`;
}

/**
 * What each ear at the other end of a line gets; what the agent hears is played, not mixed. A customer on hold hears nobody and is
 * heard by nobody. Whoever has joined is heard by all (from outside the house, where nobody was told of listeners, by those who speak with
 * them alone); who whispers by the agent alone; who listens by nobody. Who is consulted never hears the customer, and hears the agent only
 * while the customer does not. Pure.
 */
export function routesOf(companions: Placed[], held: boolean): Route[] {
  const joined = companions.filter((each) => each.part === "join");
  const open = held ? [] : [CUSTOMER];
  const toCustomer = held ? [] : [AGENT, ...joined.map(nameOf)].map((voice) => ({ voice, ear: CUSTOMER }));
  const toCompanions = companions.flatMap((companion) => {
    const ear = nameOf(companion);
    const others = isConsulted(companion) ? (held ? [AGENT] : []) : [AGENT, ...open];
    const heard = joined.filter((each) => each !== companion && (!each.outside || companion.part === "join")).map(nameOf);
    return [...others, ...(others.length ? heard : [])].map((voice) => ({ voice, ear }));
  });
  return [...toCustomer, ...toCompanions];
}

/** Whether somebody is asked, alone; the agent hears the telephone outside the house already as it rings. */
function isConsulted({ part, outside }: Pick<Companion, "part" | "outside">): boolean {
  return part === "consult" || (part === "asked" && outside);
}

/** Whether there is sound of a companion: a colleague whose desk rings has none yet. */
export function hasLine({ part, outside }: Companion): boolean {
  return part !== "asked" || outside;
}

/** Whether somebody came by themselves. */
export function isSupervisor(companion: Companion): companion is Companion & { part: SupervisorsPart } {
  return companion.colleague === null && !companion.outside;
}

/** Whether the agent hears a companion. Pure. */
export function isHeardByAgent(companion: Pick<Companion, "part" | "outside">, held: boolean): boolean {
  return companion.part === "whisper" || companion.part === "join" || (isConsulted(companion) && held);
}

/** Voices come in as streams, and each ear gets the track of those that are led to it: silence where there is none. */
export class Mixer {
  #context: AudioContext;
  #voices = new Map<string, MediaStreamAudioSourceNode>();
  #ears = new Map<string, MediaStreamAudioDestinationNode>();
  /** Silence that never ends: a track into which nothing flows at all would stand still. */
  #silence: ConstantSourceNode;
  #routes: Route[] = [];

  constructor(context: AudioContext) {
    this.#context = context;
    this.#silence = context.createConstantSource();
    this.#silence.offset.value = 0;
    this.#silence.start();
  }

  /** A voice speaks through this stream from now on, or no more. */
  hear(voice: string, stream: MediaStream | null): void {
    this.#voices.get(voice)?.disconnect();
    this.#voices.delete(voice);
    if (stream) this.#voices.set(voice, this.#context.createMediaStreamSource(stream));
    this.#lead();
  }

  /** The track of an ear, the same each time. */
  trackFor(ear: string): MediaStreamTrack {
    let out = this.#ears.get(ear);
    if (!out) {
      out = this.#context.createMediaStreamDestination();
      this.#silence.connect(out);
      this.#ears.set(ear, out);
      this.#lead();
    }
    return out.stream.getAudioTracks()[0] as MediaStreamTrack;
  }

  route(routes: Route[]): void {
    this.#routes = routes;
    this.#lead();
  }

  close(): void {
    for (const voice of this.#voices.values()) voice.disconnect();
    this.#silence.disconnect();
    this.#silence.stop();
    for (const out of this.#ears.values()) for (const track of out.stream.getTracks()) track.stop();
  }

  #lead(): void {
    for (const voice of this.#voices.values()) voice.disconnect();
    for (const { voice, ear } of this.#routes) {
      const out = this.#ears.get(ear);
      if (out) this.#voices.get(voice)?.connect(out);
    }
  }
}
