/** What a page received over the last seconds, out of two of the browser's own counts. Pure. */

/** Totals since the beginning, in packets and seconds, and what holds now. */
export interface Counted {
  received: number;
  lost: number;
  /** Packets that came too late to be played. */
  discarded: number;
  jitterSeconds: number;
  roundTripSeconds: number;
  bufferSeconds: number;
  bufferedSamples: number;
}

/** As the server takes it: the share lost (0 to 1), and milliseconds. */
export interface Measure {
  loss: number;
  jitter_ms: number;
  round_trip_ms: number;
  buffer_ms: number | null;
}

type Report = Record<string, unknown> & { type: string; kind?: string };

/** The counts of the sound received, or null before any came. */
export function countedIn(stats: Iterable<[string, unknown]> | RTCStatsReport): Counted | null {
  const reports = [...(stats as Iterable<[string, Report]>)].map(([, report]) => report);
  const inbound = reports.find((report) => report.type === "inbound-rtp" && report.kind === "audio");
  if (!inbound) return null;
  const pair = reports.find((report) => report.type === "candidate-pair" && report.nominated === true && report.state === "succeeded");
  const number = (value: unknown): number => (typeof value === "number" && Number.isFinite(value) ? value : 0);
  return {
    received: number(inbound.packetsReceived),
    lost: number(inbound.packetsLost),
    discarded: number(inbound.packetsDiscarded),
    jitterSeconds: number(inbound.jitter),
    roundTripSeconds: number(pair?.currentRoundTripTime),
    bufferSeconds: number(inbound.jitterBufferDelay),
    bufferedSamples: number(inbound.jitterBufferEmittedCount),
  };
}

/** What came between two counts; null when nothing could have come. */
export function measureBetween(before: Counted, after: Counted): Measure | null {
  const received = after.received - before.received;
  const missing = Math.max(0, after.lost - before.lost) + Math.max(0, after.discarded - before.discarded);
  if (received < 0 || received + missing === 0) return null;
  const samples = after.bufferedSamples - before.bufferedSamples;
  return {
    loss: Math.min(1, missing / (received + Math.max(0, after.lost - before.lost))),
    jitter_ms: after.jitterSeconds * 1000,
    round_trip_ms: after.roundTripSeconds * 1000,
    buffer_ms: samples > 0 ? ((after.bufferSeconds - before.bufferSeconds) / samples) * 1000 : null,
  };
}
