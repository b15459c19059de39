/** Canned replies: found by `/word` at the start of a line, their variables filled in. */
import { plain } from "../shared/plain";

export interface CannedReply {
  shortcut: string;
  title: string;
  body: string;
}

export interface Variables {
  customer: string;
  agent: string;
  brand: string;
}

/** The word typed after a slash that begins the line where the caret is, or null. */
export function slashWord(text: string, caret: number): string | null {
  const line = text.slice(text.lastIndexOf("\n", caret - 1) + 1, caret);
  return /^\/([\p{L}\p{N}_-]*)$/u.exec(line)?.[1] ?? null;
}

export function matching(replies: CannedReply[], word: string): CannedReply[] {
  const wanted = plain(word);
  return replies.filter((reply) => plain(reply.shortcut).startsWith(wanted) || plain(reply.title).includes(wanted));
}

/** The text with the slash word replaced by the reply, and where the caret goes. */
export function insertReply(text: string, caret: number, reply: CannedReply, variables: Variables): { text: string; caret: number } {
  const word = slashWord(text, caret);
  const from = word === null ? caret : caret - word.length - 1;
  const before = text.slice(0, from);
  const gap = word === null && before !== "" && !/\s$/.test(before) ? " " : "";
  const filled = gap + fill(reply.body, variables);
  return { text: before + filled + text.slice(caret), caret: before.length + filled.length };
}

/** `{customer}`, `{agent}` and `{brand}` filled in; anything else in braces stays as it is. */
export function fill(body: string, variables: Variables): string {
  return body
    .replace(/(^|\n)\{(customer|agent|brand)\}, *(.)/g, (whole, line: string, name: keyof Variables, next: string) =>
      variables[name] ? whole : line + next.toUpperCase(),
    )
    .replace(/(,? ?)\{(customer|agent|brand)\}(?=(.?))/g, (_, before: string, name: keyof Variables, after: string) =>
      variables[name] ? before + variables[name] : closed(before, after),
    );
}

/** What stands before a name that nobody knows, closed over its place: "Bonjour {customer}, …" then greets without a name. */
function closed(before: string, after: string): string {
  return before.startsWith(",") && !/[.!?,;:]/.test(after) && after !== "" ? "," : "";
}
