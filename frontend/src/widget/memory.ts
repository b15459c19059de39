/** What the brand's page keeps for the widget: in its storage, or in this page alone where storage is forbidden. */
import type { Language } from "../shared/format";

/** A message on its way: kept until the server has it, so that a reload loses nothing. */
export interface Pending {
  clientId: string;
  body: string;
  at: number;
  refusal: string | null;
}

export class Memory {
  #prefix: string;
  /** What storage would not take: it is forbidden, or the page has filled it. */
  #fallback = new Map<string, string>();

  constructor(brandKey: string) {
    this.#prefix = `homeshore.${brandKey}.`;
  }

  get token(): string {
    return this.#read(localStorageOrNull(), "token") ?? "";
  }

  /** Keep a token. The first one given to a new visitor stays: several tabs may ask at once. */
  keepToken(token: string, { renewed }: { renewed: boolean }): void {
    if (renewed || !this.token) this.#write(localStorageOrNull(), "token", token);
  }

  get pending(): Pending[] {
    try {
      return JSON.parse(this.#read(localStorageOrNull(), "pending") ?? "[]") as Pending[];
    } catch {
      return [];
    }
  }

  set pending(entries: Pending[]) {
    this.#write(localStorageOrNull(), "pending", entries.length ? JSON.stringify(entries) : null);
  }

  get language(): Language | null {
    const kept = this.#read(localStorageOrNull(), "language");
    return kept === "fr" || kept === "en" ? kept : null;
  }

  set language(language: Language | null) {
    this.#write(localStorageOrNull(), "language", language);
  }

  /** Of this tab only: whether the chat is open in it, and what is being typed. */
  get isOpen(): boolean {
    return this.#read(sessionStorageOrNull(), "open") === "1";
  }

  set isOpen(open: boolean) {
    this.#write(sessionStorageOrNull(), "open", open ? "1" : null);
  }

  get draft(): string {
    return this.#read(sessionStorageOrNull(), "draft") ?? "";
  }

  set draft(text: string) {
    this.#write(sessionStorageOrNull(), "draft", text || null);
  }

  forget(): void {
    for (const name of ["token", "pending"]) this.#write(localStorageOrNull(), name, null);
    this.draft = "";
  }

  /** Whether a storage event is about this brand's token or unsent messages. */
  concerns(event: StorageEvent): boolean {
    return event.key === null || event.key === `${this.#prefix}token` || event.key === `${this.#prefix}pending`;
  }

  #read(storage: Storage | null, name: string): string | null {
    return this.#fallback.get(name) ?? storage?.getItem(this.#prefix + name) ?? null;
  }

  #write(storage: Storage | null, name: string, value: string | null): void {
    this.#fallback.delete(name);
    try {
      if (value === null) storage?.removeItem(this.#prefix + name);
      else if (storage) storage.setItem(this.#prefix + name, value);
      else this.#fallback.set(name, value);
    } catch (fault) {
      console.warn("Homeshore: this browser keeps nothing for the chat", fault);
      if (value !== null) this.#fallback.set(name, value);
    }
  }
}

function localStorageOrNull(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

function sessionStorageOrNull(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
