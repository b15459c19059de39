/** A recording that was fetched: decoded once, drawn as bars, heard from any place. */

/** The rate to which sound is decoded: enough for voices, and an hour of both takes no more than half a gigabyte. */
const RATE = 16_000;

/** The loudest sample of each of so many equal parts, between 0 and 1. Pure. */
export function peaksOf(samples: ArrayLike<number>, bars: number): number[] {
  const size = samples.length / bars;
  return Array.from({ length: bars }, (_, bar) => {
    let peak = 0;
    for (let at = Math.floor(bar * size); at < Math.floor((bar + 1) * size); at++) peak = Math.max(peak, Math.abs(samples[at] as number));
    return peak;
  });
}

/** The outline of bars, around a middle line, as the path of an SVG: each bar one unit wide with a gap, `half` high at most. Pure. */
export function pathOf(peaks: number[], middle: number, half: number): string {
  return peaks
    .map((peak, bar) => {
      const height = Math.max(0.5, peak * half);
      return `M${bar + 0.5} ${(middle - height).toFixed(1)}V${(middle + height).toFixed(1)}`;
    })
    .join("");
}

export class Sound {
  readonly seconds: number;
  #context: AudioContext;
  #buffer: AudioBuffer;
  #source: AudioBufferSourceNode | null = null;
  #from = 0;
  #since = 0;

  private constructor(context: AudioContext, buffer: AudioBuffer) {
    this.#context = context;
    this.#buffer = buffer;
    this.seconds = buffer.duration;
  }

  static async decode(bytes: ArrayBuffer): Promise<Sound> {
    const context = new AudioContext({ sampleRate: RATE });
    return new Sound(context, await context.decodeAudioData(bytes));
  }

  /** The loudness of one side over time: the customer is on the left (0), the agent on the right (1). */
  peaks(side: 0 | 1, bars: number): number[] {
    return peaksOf(this.#buffer.getChannelData(Math.min(side, this.#buffer.numberOfChannels - 1)), bars);
  }

  get isPlaying(): boolean {
    return this.#source !== null;
  }

  /** Where one is, in seconds. */
  get at(): number {
    return this.#source ? Math.min(this.seconds, this.#from + this.#context.currentTime - this.#since) : this.#from;
  }

  play(onEnd: () => void): void {
    if (this.#from >= this.seconds) this.#from = 0;
    void this.#context.resume();
    const source = this.#context.createBufferSource();
    source.buffer = this.#buffer;
    source.connect(this.#context.destination);
    source.onended = () => {
      if (this.#source !== source) return;
      this.#source = null;
      this.#from = this.seconds;
      onEnd();
    };
    this.#since = this.#context.currentTime;
    this.#source = source;
    source.start(0, this.#from);
  }

  pause(): void {
    this.#from = this.at;
    const source = this.#source;
    this.#source = null;
    source?.stop();
  }

  seek(seconds: number, onEnd: () => void): void {
    const plays = this.isPlaying;
    if (plays) this.pause();
    this.#from = Math.min(this.seconds, Math.max(0, seconds));
    if (plays) this.play(onEnd);
  }
}
