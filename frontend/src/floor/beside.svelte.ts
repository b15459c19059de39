/** The supervisor beside the agent of a call: one call at a time, in one tab, which may be loaded again. */
import { Refused, type Api } from "../shared/api";
import type { ServerEvent } from "../shared/sse";
import { CompanionEnd } from "../softphone/companionEnd.svelte";
import { NoMicrophone, type MicrophoneFault } from "../softphone/microphone";
import type { SupervisorsPart } from "../softphone/mix";
import type { LineQuality } from "../softphone/peer";
import type { Call } from "./types";

interface Answer {
  id: number;
  round: number;
  part: SupervisorsPart;
  ice: RTCIceServer[];
}

/** The call beside whose agent one is; `seen` once the floor has told of it. */
export interface Here {
  id: number;
  part: SupervisorsPart;
  call: number;
  contact: number;
  agent: number;
  seen: boolean;
}

const ENDED = "no_such_call";
/** What this tab remembers: whose part it carries. */
const CARRIED = "homeshore-beside";

export class Beside {
  here: Here | null = $state.raw(null);
  fault: MicrophoneFault | null = $state(null);
  busy = $state(false);

  #api: Api;
  #complain: (fault: unknown) => void;
  #end: CompanionEnd;

  constructor(api: Api, complain: (fault: unknown) => void) {
    this.#api = api;
    this.#complain = complain;
    this.#end = new CompanionEnd(api, () => this.#letGo());
  }

  get line(): LineQuality {
    return this.#end.line;
  }

  get waitsForPress(): boolean {
    return this.#end.waitsForPress;
  }

  /** Come beside the agent of a call, unheard at first. */
  async comeIn(call: Call): Promise<void> {
    await this.#tried(async () => {
      this.#end.awake();
      const { id, round, part, ice } = await this.#api.post<Answer>(`/floor/calls/${call.id}/come-in`, { part: "listen" });
      this.#letGo();
      this.#beIn(call, id, part);
      this.#end.begin(id, round, ice);
    });
  }

  /** Carry on what this tab carried before it was loaded again, if that is still among the calls. Without a microphone one listens. */
  async comeBack(calls: Iterable<Call>): Promise<void> {
    const carried = Number(sessionStorage.getItem(CARRIED));
    if (!carried || this.here) return;
    const call = [...calls].find((each) => each.companions.some((one) => one.id === carried));
    if (!call) return sessionStorage.removeItem(CARRIED);
    await this.#tried(async () => {
      this.#end.awake();
      const { id, round, part, ice } = await this.#api.post<Answer>(`/floor/companions/${carried}/come-back`);
      this.#beIn(call, id, part);
      try {
        if (part !== "listen") await this.#end.speak(true);
      } catch (fault) {
        await this.#api.post(`/floor/companions/${id}/part`, { part: "listen" });
        this.here = this.here && { ...this.here, part: "listen" };
        throw fault;
      } finally {
        if (this.here?.id === id) this.#end.begin(id, round, ice);
      }
    });
  }

  /** Listen, whisper to the agent, or speak with both. Nobody is spoken to without a microphone. */
  async take(part: SupervisorsPart): Promise<void> {
    const { here } = this;
    if (!here || here.part === part) return;
    await this.#tried(async () => {
      if (part !== "listen") await this.#end.speak(true);
      await this.#api.post(`/floor/companions/${here.id}/part`, { part });
      if (this.here?.id !== here.id) return this.#end.end();
      this.here = { ...this.here, part };
      if (part === "listen") await this.#end.speak(false);
    });
  }

  async leave(): Promise<void> {
    if (!this.here) return;
    const told = this.#end.tell("leave");
    this.#letGo();
    await this.#tried(async () => void (await told));
  }

  hear(event: ServerEvent): void {
    this.#end.hear(event);
    const { here } = this;
    if (!here || event.kind !== "call.changed") return;
    const { call } = event.data as { call: Call };
    if (call.id !== here.call) return;
    const mine = call.companions.find((each) => each.id === here.id);
    if (mine) {
      this.here = { ...here, seen: true };
      this.#end.follow(mine.round);
    } else if (here.seen) this.#letGo(); // the call is over, or with somebody else
  }

  #beIn(call: Call, id: number, part: SupervisorsPart): void {
    sessionStorage.setItem(CARRIED, String(id));
    this.here = { id, part, call: call.id, contact: call.contact, agent: call.agent as number, seen: false };
  }

  #letGo(): void {
    sessionStorage.removeItem(CARRIED);
    this.#end.end();
    this.here = null;
    this.fault = null;
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
