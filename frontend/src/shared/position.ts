/** Places in the event feed: "transaction.row", compared number by number. */

export function comparePositions(one: string, other: string): number {
  const left = one.split(".").map(BigInt);
  const right = other.split(".").map(BigInt);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0n) - (right[index] ?? 0n);
    if (difference !== 0n) return difference < 0n ? -1 : 1;
  }
  return 0;
}
