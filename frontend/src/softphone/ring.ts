/** A telephone that rings until it is answered, on a device of its own: the loudspeaker rings while the headset lies on the desk. */
import { soundSettings } from "../shared/sound";
import { playOn } from "./devices";

const EVERY_MS = 2400;
const NOTES = [587.33, 739.99, 880];

export class Ringer {
  #context: AudioContext | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  start(device: string): void {
    if (this.#timer !== undefined) return;
    this.once(device);
    this.#timer = setInterval(() => this.once(device), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** One ring: three notes up, twice. */
  once(device: string): void {
    const { offer, volume } = soundSettings();
    if (!offer) return;
    this.#context ??= new AudioContext();
    const context = this.#context;
    void playOn(context, device);
    if (context.state === "suspended") void context.resume();
    for (const turn of [0, 0.55]) {
      NOTES.forEach((hertz, index) => {
        const begin = context.currentTime + turn + index * 0.14;
        const tone = context.createOscillator();
        const gain = context.createGain();
        tone.frequency.value = hertz;
        gain.gain.setValueAtTime(0, begin);
        gain.gain.linearRampToValueAtTime(0.14 * volume, begin + 0.015);
        gain.gain.exponentialRampToValueAtTime(0.0001, begin + 0.35);
        tone.connect(gain).connect(context.destination);
        tone.start(begin);
        tone.stop(begin + 0.4);
      });
    }
  }
}
