/** The word by which a page is known as the one that carries a call: kept while its tab lives, through a reload. */

const KEPT = "homeshore-device";

export function deviceOfPage(storage: Storage | null = sessionStorageOrNull()): string {
  const known = storage?.getItem(KEPT);
  if (known) return known;
  const made = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  storage?.setItem(KEPT, made);
  return made;
}

function sessionStorageOrNull(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
