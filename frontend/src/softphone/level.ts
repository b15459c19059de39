/** How loud a track is, as a figure between 0 and 1 that moves as the ear hears. */

const EVERY_MS = 100;
const FLOOR_DB = -60;

/** The loudness of samples between -1 and 1: 0 at -60 dBFS and below, 1 at full scale. */
export function loudness(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < samples.length; index++) sum += (samples[index] as number) ** 2;
  const decibels = 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-12);
  return Math.min(1, Math.max(0, (decibels - FLOOR_DB) / -FLOOR_DB));
}

export class Meter {
  #context: AudioContext;
  #source: MediaStreamAudioSourceNode;
  #timer: ReturnType<typeof setInterval>;

  constructor(context: AudioContext, stream: MediaStream, onLevel: (level: number) => void) {
    this.#context = context;
    this.#source = context.createMediaStreamSource(stream);
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    this.#source.connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.#timer = setInterval(() => {
      if (this.#context.state !== "running") return;
      analyser.getFloatTimeDomainData(samples);
      onLevel(loudness(samples));
    }, EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#source.disconnect();
  }
}
