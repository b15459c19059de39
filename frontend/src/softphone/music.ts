/**
 * What a customer hears while waiting: a loop of 16 s made of sine waves on the spot, so that nothing is downloaded and nobody's
 * rights are touched. Four soft chords (C, Am, F, G with added notes), one note after another, quiet and without a beat.
 */

const CHORDS = [
  [261.63, 329.63, 392.0, 493.88],
  [220.0, 261.63, 329.63, 392.0],
  [174.61, 220.0, 261.63, 329.63],
  [196.0, 246.94, 293.66, 392.0],
];
const CHORD_SECONDS = 4;
const NOTE_SECONDS = 0.5;
const LOUDNESS = 0.05;

export interface Note {
  hertz: number;
  at: number;
  seconds: number;
}

/** The notes of one loop: each chord up and down again, the last of each left to ring. */
export function loopNotes(): Note[] {
  return CHORDS.flatMap((chord, bar) =>
    [0, 1, 2, 3, 2, 1, 2, 3].map((step, beat) => ({
      hertz: chord[step] as number,
      at: bar * CHORD_SECONDS + beat * NOTE_SECONDS,
      seconds: beat === 7 ? 2 : 1.2,
    })),
  );
}

export const LOOP_SECONDS = CHORDS.length * CHORD_SECONDS;

export class Music {
  #context: AudioContext;
  #gain: GainNode | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(context: AudioContext) {
    this.#context = context;
  }

  get isPlaying(): boolean {
    return this.#gain !== null;
  }

  play(): void {
    if (this.#gain) return;
    this.#gain = this.#context.createGain();
    this.#gain.gain.value = 1;
    this.#gain.connect(this.#context.destination);
    this.#loop(this.#context.currentTime + 0.1);
  }

  stop(): void {
    clearTimeout(this.#timer);
    const gain = this.#gain;
    this.#gain = null;
    if (!gain) return;
    gain.gain.setTargetAtTime(0, this.#context.currentTime, 0.05);
    setTimeout(() => gain.disconnect(), 400);
  }

  #loop(begin: number): void {
    for (const { hertz, at, seconds } of loopNotes()) this.#note(hertz, begin + at, seconds);
    this.#timer = setTimeout(() => this.#gain && this.#loop(begin + LOOP_SECONDS), (begin + LOOP_SECONDS - 1 - this.#context.currentTime) * 1000);
  }

  #note(hertz: number, begin: number, seconds: number): void {
    if (!this.#gain) return;
    const tone = this.#context.createOscillator();
    const shape = this.#context.createGain();
    tone.frequency.value = hertz;
    shape.gain.setValueAtTime(0, begin);
    shape.gain.linearRampToValueAtTime(LOUDNESS, begin + 0.04);
    shape.gain.exponentialRampToValueAtTime(0.0001, begin + seconds);
    tone.connect(shape).connect(this.#gain);
    tone.start(begin);
    tone.stop(begin + seconds);
  }
}
