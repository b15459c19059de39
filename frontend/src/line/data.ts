/** How fast data goes to the platform and comes from it, by HTTP. */

import { Unreachable } from "../shared/api";

const FOR_MS = 3000;
/** So many pieces tell the speed of any line; more would run into the site's own limit. */
const MOST_PIECES = 20;
const PINGS = 10;

/** Kilobits a second of bytes that took so many milliseconds. */
export function kilobits(bytes: number, ms: number): number {
  return ms > 0 ? (8 * bytes) / ms : 0;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  if (!sorted.length) return 0;
  return sorted.length % 2 ? (sorted[Math.floor(middle)] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** Milliseconds from a request that asks for nothing to its answer; the first, which opens the connection, does not count. */
export async function latency(): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index <= PINGS; index++) {
    const before = performance.now();
    await ask("/line/ping");
    times.push(performance.now() - before);
  }
  return median(times.slice(1));
}

export async function download(): Promise<number> {
  return measured(async () => (await (await ask("/line/data")).arrayBuffer()).byteLength);
}

export async function upload(piece: number, token: () => string): Promise<number> {
  const noise = new Uint8Array(piece);
  for (let at = 0; at < piece; at += 65_536) crypto.getRandomValues(noise.subarray(at, Math.min(piece, at + 65_536)));
  return measured(async () => {
    await ask("/line/data", { method: "POST", body: noise, headers: { "X-CSRFToken": token(), "Content-Type": "application/octet-stream" } });
    return piece;
  });
}

/** Pieces one after the other for some seconds, at least one. */
export async function measured(piece: () => Promise<number>): Promise<number> {
  const began = performance.now();
  let bytes = 0;
  let pieces = 0;
  do {
    bytes += await piece();
    pieces += 1;
  } while (pieces < MOST_PIECES && performance.now() - began < FOR_MS);
  return kilobits(bytes, performance.now() - began);
}

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, { credentials: "same-origin", cache: "no-store", ...init });
  } catch (fault) {
    throw new Unreachable("", { cause: fault });
  }
  if (!answer.ok) throw new Unreachable(`${path}: ${answer.status}`, { answered: true });
  return answer;
}
