/** What one is writing, kept on this device as it is typed: one draft a contact, reply and note apart. */

export type DraftMode = "reply" | "note";
/** Who may read a note: the operator alone, or the brand too. */
export type Audience = "brand" | "operator";

const PREFIX = "homeshore-draft";
const AUDIENCE_PREFIX = "homeshore-audience";

/**
 * How long this device keeps words that went nowhere: a customer who asks to be forgotten is so within a month (GDPR, article 12),
 * also in browsers that the house cannot reach.
 */
export const KEPT_MS = 30 * 24 * 3600 * 1000;

/** A draft by whom it was for. */
export interface Draft {
  contact: number;
  mode: DraftMode;
  text: string;
}

export class Drafts {
  #owner: number;
  #storage: Storage | null;
  #audiences = new Map<number, Audience>();
  #files = new Map<number, File[]>();

  /** What was written too long ago goes at once, whosever it was. */
  constructor(owner: number, storage: Storage | null) {
    this.#owner = owner;
    this.#storage = storage;
    for (const key of keysOf(storage, `${PREFIX}:`)) if (Date.now() - opened(storage?.getItem(key)).at > KEPT_MS) storage?.removeItem(key);
  }

  read(contact: number, mode: DraftMode): string {
    return opened(this.#storage?.getItem(this.#key(contact, mode))).text;
  }

  /** Keep a draft; answers whether it could be kept. */
  keep(contact: number, mode: DraftMode, text: string): boolean {
    try {
      if (text) this.#storage?.setItem(this.#key(contact, mode), `${Date.now()}:${text}`);
      else this.#storage?.removeItem(this.#key(contact, mode));
      return this.#storage !== null;
    } catch {
      return false; // storage full or forbidden: the page says that the draft is not kept
    }
  }

  audience(contact: number): Audience {
    return this.#audiences.get(contact) ?? (this.#storage?.getItem(this.#audienceKey(contact)) === "operator" ? "operator" : "brand");
  }

  keepAudience(contact: number, audience: Audience): void {
    this.#audiences.set(contact, audience);
    try {
      this.#storage?.setItem(this.#audienceKey(contact), audience);
    } catch {
      // storage full: it holds for as long as this page
    }
  }

  /** The files of a reply, kept for as long as this page. */
  files(contact: number): File[] {
    return this.#files.get(contact) ?? [];
  }

  keepFiles(contact: number, files: File[]): void {
    this.#files.set(contact, files);
  }

  /** The contact is no longer ours: only what was typed for it stays, to be taken back. */
  forget(contact: number): void {
    this.#files.delete(contact);
    this.#audiences.delete(contact);
    this.#storage?.removeItem(this.#audienceKey(contact));
  }

  /** Every draft of this person on this device. */
  all(): Draft[] {
    const mine = `${PREFIX}:${this.#owner}:`;
    return keysOf(this.#storage, mine).map((key) => {
      const [contact, mode] = key.slice(mine.length).split(":");
      return { contact: Number(contact), mode: mode === "note" ? "note" : "reply", text: opened(this.#storage?.getItem(key)).text };
    });
  }

  #audienceKey(contact: number): string {
    return `${AUDIENCE_PREFIX}:${this.#owner}:${contact}`;
  }

  #key(contact: number, mode: DraftMode): string {
    return `${PREFIX}:${this.#owner}:${contact}:${mode}`;
  }
}

function keysOf(storage: Storage | null, prefix: string): string[] {
  return Object.keys(storage ?? {}).filter((key) => key.startsWith(prefix));
}

/** A draft as it is kept: when it was written, in milliseconds, a colon, its words. */
function opened(kept: string | null | undefined): { at: number; text: string } {
  const [, at = "0", text = ""] = /^(\d+):(.*)$/s.exec(kept ?? "") ?? [];
  return { at: Number(at), text };
}
