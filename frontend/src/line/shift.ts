/** Before a shift: ten seconds of sound through the relay, by itself, when an agent who takes calls gets ready. */
import type { Api } from "../shared/api";
import { latency } from "./data";
import { browserName } from "./home";
import { throughRelay } from "./loopback";

/** A check of less than four hours ago still tells how the line is. */
const STILL_TELLS_MS = 4 * 3600_000;

interface Begun {
  ice: RTCIceServer[];
  seconds: { shift: number };
  checks: { at: string; mos: number | null }[];
}

/** Check the line with a tone that nobody hears, unless it was checked lately or there is no relay. Whether it was. */
export async function checkBeforeShift(api: Api, now: number): Promise<boolean> {
  const begun = await api.get<Begun>("/line/begin");
  const last = begun.checks.find((check) => check.mos !== null);
  if (!begun.ice.length || (last && now - Date.parse(last.at) < STILL_TELLS_MS)) return false;
  const context = new AudioContext();
  try {
    if (context.state !== "running") await Promise.race([context.resume(), new Promise((resume) => setTimeout(resume, 1000))]);
    if ((context.state as AudioContextState) !== "running") return false; // nobody touched the page: no sound would leave it
    const tone = context.createOscillator();
    const out = context.createMediaStreamDestination();
    tone.connect(out);
    tone.start();
    const track = out.stream.getAudioTracks()[0] as MediaStreamTrack;
    const loop = await throughRelay({ ice: begun.ice, track, seconds: begun.seconds.shift });
    await api.post("/line/checks", { kind: "shift", browser: browserName(navigator.userAgent), latency_ms: await latency(), ...loop });
    return true;
  } finally {
    await context.close();
  }
}
