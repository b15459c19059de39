/** Two sounds, made on the spot: a soft two-note for an offer, a single low tick for a message in a conversation not open. */

export interface SoundSettings {
  offer: boolean;
  message: boolean;
  /** From 0 to 1. */
  volume: number;
}

const KEPT = "homeshore-sound";
const DEFAULTS: SoundSettings = { offer: true, message: true, volume: 0.6 };

let context: AudioContext | undefined;

export function soundSettings(): SoundSettings {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Partial<SoundSettings>) };
  } catch {
    return DEFAULTS;
  }
}

export function keepSoundSettings(settings: SoundSettings): void {
  localStorage.setItem(KEPT, JSON.stringify(settings));
}

/** Browsers let a page sound only after a gesture: call it on the first one. */
export function allowSound(): void {
  context ??= new AudioContext();
  if (context.state === "suspended") void context.resume();
}

export function playOffer(): void {
  const { offer, volume } = soundSettings();
  if (!offer) return;
  note(587.33, 0, 0.42, 0.16 * volume);
  note(880, 0.17, 0.6, 0.16 * volume);
}

export function playMessage(): void {
  const { message, volume } = soundSettings();
  if (message) note(196, 0, 0.09, 0.2 * volume);
}

/** One rounded note: quick rise, slow fall, no click. */
function note(hertz: number, after: number, seconds: number, loudness: number): void {
  if (!context || context.state !== "running") return;
  const begin = context.currentTime + after;
  const tone = context.createOscillator();
  const gain = context.createGain();
  tone.type = "sine";
  tone.frequency.value = hertz;
  gain.gain.setValueAtTime(0, begin);
  gain.gain.linearRampToValueAtTime(loudness, begin + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, begin + seconds);
  tone.connect(gain).connect(context.destination);
  tone.start(begin);
  tone.stop(begin + seconds + 0.05);
}
