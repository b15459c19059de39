/** A colleague, or a number outside the house, is asked about a call: what the asker decides, and a colleague's own end of it. */
import { Refused, type Api } from "../shared/api";
import type { ServerEvent } from "../shared/sse";
import { CompanionEnd } from "./companionEnd.svelte";
import { NoMicrophone, type MicrophoneFault } from "./microphone";
import type { LineQuality } from "./peer";
import { Ringer } from "./ring";

/** How far it is, as asker and colleague are told. */
export interface ConsultationSeen {
  id: number;
  call: number;
  contact: number;
  asker: string;
  /** The name of who is asked, or their number. */
  colleague: string;
  outside: boolean;
  part: "asked" | "consult" | "join";
  round: number;
  /** Until when the colleague's desk rings; null once it no longer does. */
  until: string | null;
  answered_at: string | null;
  ended_at: string | null;
  why: string;
  /** The customer is on hold. */
  held: boolean;
}

/** ... and what it is about, for the colleague. */
export interface ConsultationAbout extends ConsultationSeen {
  reference: string;
  brand: string;
  queue: string;
  customer: string;
  note: string;
}

/** The consultation that this tab carries: kept while the tab lives, through a reload. */
const CARRIED = "homeshore-consultation";

export interface ConsultationOptions {
  api: Api;
  /** The call of this desk, about which its agent asks. */
  currentCall: () => number | null;
  /** Ask again for what the desk's telephone shows. */
  refresh: () => Promise<void>;
  ringer: () => string;
  complain: (fault: unknown) => void;
}

export class Consultation {
  /** What one is asked about; null while nobody asks. */
  about: ConsultationAbout | null = $state.raw(null);
  /** How the last one of one's own asking ended. */
  ended: ConsultationSeen | null = $state.raw(null);
  /** The contact that was handed over to one by it. */
  handedOver: number | null = $state(null);
  fault: MicrophoneFault | null = $state(null);
  muted = $state(false);
  busy = $state(false);
  /** Why a number was not called: the rule of the gate, or what else stands against it. */
  refusal: string | null = $state(null);

  #options: ConsultationOptions;
  #end: CompanionEnd;
  #ringer = new Ringer();

  constructor(options: ConsultationOptions) {
    this.#options = options;
    this.#end = new CompanionEnd(options.api, () => this.#letGo());
  }

  get line(): LineQuality {
    return this.#end.line;
  }

  /** One's own desk rings for it. */
  get rings(): boolean {
    return this.about?.part === "asked";
  }

  /** What the server says that one is asked about, with its whole picture. */
  take(about: ConsultationAbout | null, ice: RTCIceServer[]): void {
    const wasHere = about !== null && sessionStorage.getItem(CARRIED) === String(about.id);
    if (!about || (about.part !== "asked" && !this.#end.carries && !wasHere)) return this.#letGo(); // answered in another window
    this.about = about;
    if (about.part === "asked") this.#ringer.start(this.#options.ringer());
    else if (this.#end.carries) this.#end.follow(about.round);
    else void this.#tried(() => this.#end.comeBack(about.id, about.round, ice));
  }

  hear(event: ServerEvent): void {
    this.#end.hear(event);
    if (event.kind !== "call.consultation") return;
    const { consultation } = event.data as { consultation: ConsultationSeen };
    if (consultation.call === this.#options.currentCall()) {
      this.ended = consultation.ended_at ? consultation : null;
    } else if (consultation.id !== this.about?.id) {
      if (!consultation.ended_at) void this.#options.refresh();
    } else if (consultation.ended_at || (consultation.part !== "asked" && !this.#end.carries && !this.busy)) {
      if (consultation.why === "handed_over") this.handedOver = consultation.contact;
      this.#letGo(); // it is over, or was answered in another window
    } else {
      this.about = { ...this.about, ...consultation };
      if (consultation.part !== "asked") this.#ringer.stop();
      this.#end.follow(consultation.round);
    }
  }

  /** Ring a colleague about one's call; whether that could be done. */
  async ask(colleague: number, note: string): Promise<boolean> {
    return this.#decide("", { colleague, note });
  }
  /** Ring a number outside the house about one's call, which is theirs as soon as they answer with `passesOn`; whether it is rung. */
  async askNumber(number: string, passesOn: boolean): Promise<boolean> {
    const call = this.#options.currentCall();
    if (call === null || this.busy) return false;
    this.busy = true;
    this.refusal = null;
    try {
      const answer = await this.#options.api.post<{ not_called: string }>(`/desk/calls/${call}/consult/number`, { number, passes_on: passesOn });
      this.refusal = answer.not_called || null;
    } catch (fault) {
      if (fault instanceof Refused) this.refusal = Object.values(fault.fields)[0] ?? fault.message;
      else this.#options.complain(fault);
      return false;
    } finally {
      this.busy = false;
    }
    return this.refusal === null;
  }
  async letJoin(): Promise<void> {
    await this.#decide("/join");
  }
  async takeBack(): Promise<void> {
    await this.#decide("/take-back");
  }
  async handOver(): Promise<void> {
    await this.#decide("/hand-over");
  }

  /** Say yes, and hear who asks. */
  async answer(): Promise<void> {
    const { about } = this;
    if (!about) return;
    await this.#tried(async () => {
      this.#end.awake();
      await this.#end.speak(true);
      const told = await this.#options.api.post<{ consultation: ConsultationAbout | null; ice: RTCIceServer[] }>("/desk/calls/consultation/answer", { consultation: about.id });
      this.#ringer.stop();
      if (told.consultation?.id !== about.id) return this.#letGo();
      this.about = told.consultation;
      sessionStorage.setItem(CARRIED, String(about.id));
      this.#end.begin(about.id, told.consultation.round, told.ice);
    });
  }

  /** Say no, or leave. */
  async leave(): Promise<void> {
    const { about } = this;
    if (!about) return;
    this.#letGo();
    await this.#tried(async () => void (await this.#options.api.post(`/companions/${about.id}/leave`)));
  }

  mute(muted: boolean): void {
    this.muted = muted;
    this.#end.mute(muted);
  }

  async #decide(verb: string, more: object = {}): Promise<boolean> {
    const call = this.#options.currentCall();
    if (call === null) return false;
    return this.#tried(async () => void (await this.#options.api.post(`/desk/calls/${call}/consult${verb}`, more)));
  }

  #letGo(): void {
    sessionStorage.removeItem(CARRIED);
    this.#ringer.stop();
    this.#end.end();
    this.about = null;
    this.fault = null;
    this.muted = false;
  }

  async #tried(work: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.fault = null;
    try {
      await work();
      return true;
    } catch (fault) {
      if (fault instanceof NoMicrophone) this.fault = fault.why;
      else {
        if (fault instanceof Refused && this.about) void this.#options.refresh();
        this.#options.complain(fault);
      }
      return false;
    } finally {
      this.busy = false;
    }
  }
}
