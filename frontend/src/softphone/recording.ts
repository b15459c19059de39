/** The recording of the agent's call: begun, silenced and ended as the house says and as cards are typed. */
import type { Api } from "../shared/api";
import { Recorder } from "./recorder";
import type { CallSeen } from "./calls";

export interface RecordingOptions {
  api: Api;
  /** Tell the server that a take of a call begins; answers its number. */
  begin: (call: number, mediaType: string) => Promise<number>;
  /** It cannot record, or what it records is not kept. */
  onFault: () => void;
}

/** What there is to record: both ends, each null while it is silent. */
export interface Ends {
  context: AudioContext | null;
  agent: MediaStreamTrack | null;
  customer: MediaStream | null;
}

export class CallRecording {
  #options: RecordingOptions;
  #recorder: Recorder | null = null;

  constructor(options: RecordingOptions) {
    this.#options = options;
  }

  /** Record while the call may be recorded, silence while something interrupts; what was begun ends with the call. */
  follow(call: CallSeen, ends: Ends, interrupted: boolean): void {
    const state = call.recording?.state;
    const talks = call.state === "talking" || call.state === "held";
    if (!talks || (state !== "on" && state !== "paused")) return this.end();
    if (!this.#recorder && ends.context) {
      this.#recorder = new Recorder({
        context: ends.context,
        begin: (mediaType) => this.#options.begin(call.id, mediaType),
        send: (take, number, sound) => this.#send(call.id, take, number, sound),
        onFault: this.#options.onFault,
      });
      this.hearAgent(ends.agent);
      this.hearCustomer(ends.customer);
    }
    this.#recorder?.pass(state === "on" && !interrupted);
  }

  hearAgent(voice: MediaStreamTrack | null): void {
    this.#recorder?.hearAgent(voice);
  }

  hearCustomer(voice: MediaStream | null): void {
    this.#recorder?.hearCustomer(voice);
  }

  end(): void {
    this.#recorder?.stop();
    this.#recorder = null;
  }

  #send(call: number, take: number, number: number, sound: Blob): Promise<unknown> {
    const form = new FormData();
    form.set("take", String(take));
    form.set("number", String(number));
    form.set("sound", sound, "sound");
    return this.#options.api.postForm(`/desk/calls/${call}/recording/piece`, form);
  }
}
