/** Waits as one says them. */
import { spoken } from "../shared/format";
import type { Translate } from "./words";

/** An estimate: 30 s, 1 min 30, 12 min; hours are not said. */
export function waitInWords(seconds: number, words: Translate): string {
  if (seconds < 60 || seconds % 60) return spoken(seconds);
  return words("minute", { n: Math.round(seconds / 60) });
}
