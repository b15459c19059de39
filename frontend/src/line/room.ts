/** What the microphone hears: the voice, the room, and whether it hears the loudspeakers. Decibels of full scale. */
import { playOn } from "../softphone/devices";
import { sleep } from "./loopback";

const EVERY_MS = 100;
const TONE_HERTZ = 1000;
/** What a silent microphone is said to hear. */
export const SILENCE_DB = -100;

/** The level of samples between -1 and 1. */
export function decibels(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < samples.length; index++) sum += (samples[index] as number) ** 2;
  return sum > 0 ? Math.max(SILENCE_DB, 10 * Math.log10(sum / samples.length)) : SILENCE_DB;
}

/** The level that a share of the moments lies under: 0.5 is the median, 0.9 what a voice comes to when it speaks. */
export function levelAt(levels: readonly number[], share: number): number {
  const sorted = [...levels].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? SILENCE_DB;
}

/** A microphone as it is: without the echo cancellation and noise suppression that would hide what is asked. */
export async function openBareMicrophone(device: string): Promise<MediaStreamTrack> {
  const bare = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  const stream = await navigator.mediaDevices.getUserMedia({ audio: device ? { ...bare, deviceId: { ideal: device } } : bare });
  return stream.getAudioTracks()[0] as MediaStreamTrack;
}

export class Room {
  #context: AudioContext;
  #analyser: AnalyserNode;

  constructor(context: AudioContext, track: MediaStreamTrack) {
    this.#context = context;
    this.#analyser = context.createAnalyser();
    this.#analyser.fftSize = 4096;
    this.#analyser.smoothingTimeConstant = 0;
    context.createMediaStreamSource(new MediaStream([track])).connect(this.#analyser);
  }

  /** Levels over a while, one each tenth of a second. */
  async listen(ms: number, onLevel?: (level: number) => void): Promise<number[]> {
    const samples = new Float32Array(this.#analyser.fftSize);
    const levels: number[] = [];
    for (let passed = 0; passed < ms; passed += EVERY_MS) {
      await sleep(EVERY_MS);
      this.#analyser.getFloatTimeDomainData(samples);
      const level = decibels(samples);
      levels.push(level);
      onLevel?.(level);
    }
    return levels;
  }

  /** By how many decibels a tone from the loudspeaker or earphones rises above the room in this microphone. */
  async hearTone(speaker: string): Promise<number> {
    const before = await this.#toneLevels(600);
    await playOn(this.#context, speaker);
    const tone = this.#context.createOscillator();
    const gain = this.#context.createGain();
    gain.gain.value = 0.2;
    tone.frequency.value = TONE_HERTZ;
    tone.connect(gain).connect(this.#context.destination);
    tone.start();
    await sleep(200); // until it is on its way
    const during = await this.#toneLevels(900);
    tone.stop();
    return levelAt(during, 0.5) - levelAt(before, 0.9);
  }

  async #toneLevels(ms: number): Promise<number[]> {
    const bins = new Float32Array(this.#analyser.frequencyBinCount);
    const at = Math.round((TONE_HERTZ * this.#analyser.fftSize) / this.#context.sampleRate);
    const levels: number[] = [];
    for (let passed = 0; passed < ms; passed += EVERY_MS) {
      await sleep(EVERY_MS);
      this.#analyser.getFloatFrequencyData(bins);
      levels.push(Math.max(SILENCE_DB, ...bins.slice(at - 2, at + 3)));
    }
    return levels;
  }
}
