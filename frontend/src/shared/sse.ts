/** Server-sent events read from text, as the HTML standard says, and told when only a heartbeat came. */

export interface ServerEvent {
  /** The place in the feed; null for a whisper, which is not kept. */
  id: string | null;
  /** Whom it is for; empty for what concerns the stream itself. */
  topics: string[];
  kind: string;
  data: unknown;
}

/** A reader that is given text as it comes, cut anywhere, and gives back the events that are complete. */
export class SseReader {
  #rest = "";
  #id: string | null = null;
  #topics: string[] = [];
  #kind = "message";
  #data: string[] = [];

  read(text: string): ServerEvent[] {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?=.)/);
    this.#rest = lines.pop() ?? "";
    const events: ServerEvent[] = [];
    for (const line of lines) {
      if (line === "") {
        if (this.#data.length) events.push({ id: this.#id, topics: this.#topics, kind: this.#kind, data: parse(this.#data.join("\n")) });
        this.#id = null;
        this.#topics = [];
        this.#kind = "message";
        this.#data = [];
      } else {
        this.#field(line);
      }
    }
    return events;
  }

  #field(line: string): void {
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "id") this.#id = value;
    else if (name === "topics") this.#topics = value.split(" ");
    else if (name === "event") this.#kind = value;
    else if (name === "data") this.#data.push(value);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
