/** What one is writing, kept on this device as it is typed: one draft a contact, reply and note apart. */

export type DraftMode = "reply" | "note";

const PREFIX = "homeshore-draft";

/** A draft by whom it was for. */
export interface Draft {
  contact: number;
  mode: DraftMode;
  text: string;
}

export class Drafts {
  #owner: number;
  #storage: Storage | null;

  constructor(owner: number, storage: Storage | null) {
    this.#owner = owner;
    this.#storage = storage;
  }

  read(contact: number, mode: DraftMode): string {
    return this.#storage?.getItem(this.#key(contact, mode)) ?? "";
  }

  /** Keep a draft; answers whether it could be kept. */
  keep(contact: number, mode: DraftMode, text: string): boolean {
    try {
      if (text) this.#storage?.setItem(this.#key(contact, mode), text);
      else this.#storage?.removeItem(this.#key(contact, mode));
      return this.#storage !== null;
    } catch {
      return false; // storage full or forbidden: the page says that the draft is not kept
    }
  }

  /** Every draft of this person on this device. */
  all(): Draft[] {
    const storage = this.#storage;
    if (!storage) return [];
    const mine = `${PREFIX}:${this.#owner}:`;
    return Object.keys(storage)
      .filter((key) => key.startsWith(mine))
      .map((key) => {
        const [contact, mode] = key.slice(mine.length).split(":");
        return { contact: Number(contact), mode: mode === "note" ? "note" : "reply", text: storage.getItem(key) ?? "" };
      });
  }

  #key(contact: number, mode: DraftMode): string {
    return `${PREFIX}:${this.#owner}:${contact}:${mode}`;
  }
}
