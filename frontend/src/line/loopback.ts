/** Sound that leaves this browser, goes to the relay and comes back: what the line does to it, second by second. */
import { countedIn, measureBetween, type Counted, type Measure } from "../softphone/measure";

export interface Loop {
  media: Measure[];
  /** The relay could not be reached, or the sound stopped coming for good. */
  broken: boolean;
}

const CONNECT_MS = 12_000;
/** Seconds without any sound after which the line counts as broken. */
const SILENT_SECONDS = 8;
/** How long the first round trip is waited for before the seconds count. */
const SETTLING_SECONDS = 3;
const LOST: Measure = { loss: 1, jitter_ms: 0, round_trip_ms: 0, buffer_ms: null };

/**
 * Send `track` from one connection of this page to another for so many seconds. Both may use the relay alone, so that each packet
 * goes up the line to the relay and down the line again; the first second, in which the ends settle, does not count.
 */
export async function throughRelay(given: {
  ice: RTCIceServer[];
  track: MediaStreamTrack;
  seconds: number;
  onSecond?: (done: number, measure: Measure) => void;
}): Promise<Loop> {
  const config: RTCConfiguration = { iceServers: given.ice, iceTransportPolicy: "relay" };
  const [there, here] = [new RTCPeerConnection(config), new RTCPeerConnection(config)];
  const player = new Audio(); // sound that nobody plays is not put in order either, and its delay would not be known
  player.muted = true;
  try {
    there.onicecandidate = ({ candidate }) => candidate && void here.addIceCandidate(candidate).catch(() => undefined); // it came after the end
    here.onicecandidate = ({ candidate }) => candidate && void there.addIceCandidate(candidate).catch(() => undefined);
    here.ontrack = ({ track }) => {
      player.srcObject = new MediaStream([track]);
      void player.play().catch(() => undefined); // a page that nobody touched may not play: then the delay of the buffer stays unknown
    };
    there.addTrack(given.track);
    await there.setLocalDescription(await there.createOffer());
    await here.setRemoteDescription(there.localDescription as RTCSessionDescription);
    await here.setLocalDescription(await here.createAnswer());
    await there.setRemoteDescription(here.localDescription as RTCSessionDescription);
    if (!(await isConnected(here))) return { media: [], broken: true };
    return await listen(here, given.seconds, given.onSecond);
  } finally {
    there.close();
    here.close();
    player.srcObject = null;
  }
}

async function isConnected(peer: RTCPeerConnection): Promise<boolean> {
  const until = performance.now() + CONNECT_MS;
  while (performance.now() < until) {
    if (peer.connectionState === "connected") return true;
    if (peer.connectionState === "failed") return false;
    await sleep(50);
  }
  return false;
}

async function listen(peer: RTCPeerConnection, seconds: number, onSecond: ((done: number, measure: Measure) => void) | undefined): Promise<Loop> {
  const media: Measure[] = [];
  let before: Counted | null = null;
  let silent = 0;
  let trip = 0;
  while (media.length < seconds) {
    await sleep(1000);
    const now = withTrip(countedIn(await peer.getStats()), trip);
    trip = now?.roundTripSeconds ?? trip;
    const measure: Measure | null = before && now ? measureBetween(before, now) : null;
    if (before) {
      silent = measure ? 0 : silent + 1;
      media.push(measure ?? LOST);
      onSecond?.(media.length, measure ?? LOST);
    } else silent += 1;
    if (now && (trip || silent > SETTLING_SECONDS)) before = now;
    if (silent >= SILENT_SECONDS || peer.connectionState === "failed") return { media, broken: true };
  }
  return { media, broken: false };
}

/** The browser tells the round trip now and then: between times the last one holds. */
function withTrip(counted: Counted | null, last: number): Counted | null {
  return counted && { ...counted, roundTripSeconds: counted.roundTripSeconds || last };
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, ms));
}
