/** What can be said of files before they are sent; the server looks again, at their content. */
import type { Format } from "../shared/format";
import type { Visit } from "./api";
import type { Translate } from "./words";

export const FILES_AT_ONCE = 5;

/** Why these files cannot be sent, in words, or null. */
export function problemOf(files: File[], limits: Visit["limits"], words: Translate, format: Format): string | null {
  if (files.length > FILES_AT_ONCE) return words("tooMany", { n: FILES_AT_ONCE });
  const wrong = files.find((file) => !limits.upload_kinds.includes(kindOf(file.name)));
  if (wrong) return words("badKind", { name: wrong.name, kinds: limits.upload_kinds.join(", ") });
  const size = files.reduce((sum, file) => sum + file.size, 0);
  return size > limits.upload_bytes ? words("tooLarge", { size: format.bytes(limits.upload_bytes) }) : null;
}

function kindOf(name: string): string {
  return name.includes(".") ? (name.split(".").pop() ?? "").toLowerCase() : "";
}
