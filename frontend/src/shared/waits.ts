/** An expected wait as the server tells it: most are answered between the two, in whole minutes. */
export interface ExpectedWait {
  low_seconds: number;
  high_seconds: number;
}

export type WaitKey = "waitUnderMinute" | "waitUpTo" | "waitBetween";

/** Which sentence says it, and with which minutes. */
export function waitSentence({ low_seconds: low, high_seconds: high }: ExpectedWait): [WaitKey, { n: number; low: number }] {
  const minutes = { n: Math.ceil(high / 60), low: Math.floor(low / 60) };
  if (minutes.n <= 1) return ["waitUnderMinute", minutes];
  return [minutes.low ? "waitBetween" : "waitUpTo", minutes];
}
