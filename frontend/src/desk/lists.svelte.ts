/** People of lists: one at a time to be read about while nothing else is to do, then called or skipped. */
import { Refused, SignedOut, Unreachable, type Api } from "../shared/api";

/** Somebody on a list, as the agent reads about them. */
export interface Listed {
  id: number;
  list: string;
  brand: number;
  queue: number;
  purpose: string;
  script: string;
  name: string;
  number: string;
  language: string;
  told: { name: string; value: string }[];
  asked_back: boolean;
  due_at: string;
  tried: number;
  most_attempts: number;
  history: { id: number; at: string; what: string; note: string }[];
}

export const SKIPS = ["later", "known", "useless"] as const;
export type Skip = (typeof SKIPS)[number];

interface Next {
  preview: Listed | null;
  /** Seconds after which to ask again; null while no list has anybody. */
  again_in: number | null;
}

/** The server lets somebody go whose page has been silent for a minute. */
const KEEP_MS = 20_000;

export class Lists {
  /** Whom the agent reads about. */
  preview: Listed | null = $state.raw(null);
  busy = $state(false);
  /** Why they were not called. */
  refusal: string | null = $state(null);

  #api: Api;
  #complain: (fault: unknown) => void;
  #idle = false;
  #looking = false;
  #again: ReturnType<typeof setTimeout> | undefined;
  #keeping: ReturnType<typeof setInterval> | undefined;
  #ofContacts = new Map<number, Promise<Listed | null>>();

  constructor(api: Api, complain: (fault: unknown) => void) {
    this.#api = api;
    this.#complain = complain;
    window.addEventListener("pagehide", () => {
      if (this.preview) api.farewell(`/desk/lists/${this.preview.id}/put-back`);
    });
  }

  /** Whether the agent has nothing else to do. Whoever they read about goes back to the list when they have. */
  attend(idle: boolean): void {
    if (idle === this.#idle) return;
    this.#idle = idle;
    if (idle) void this.look();
    else if (!this.busy) this.putBack();
  }

  /** Ask for somebody; also when a list has just been started. */
  async look(): Promise<void> {
    if (!this.#idle || this.preview || this.#looking || this.busy) return;
    this.#looking = true;
    clearTimeout(this.#again);
    try {
      const { preview, again_in: seconds } = await this.#api.post<Next>("/desk/lists/next");
      if (preview && this.#idle) this.#show(preview);
      else if (preview) this.#tell(preview.id, "put-back");
      else if (seconds !== null) this.#again = setTimeout(() => void this.look(), seconds * 1000);
    } catch (fault) {
      // The desk says by itself that nobody answers; it is asked again when the line is back.
      if (!(fault instanceof Unreachable || fault instanceof SignedOut)) this.#complain(fault);
    } finally {
      this.#looking = false;
    }
  }

  /** The contact in which they are called; null when they are not, and `refusal` then says why. */
  async call(): Promise<number | null> {
    const { preview } = this;
    if (!preview || this.busy) return null;
    this.busy = true;
    this.refusal = null;
    try {
      const answer = await this.#api.post<{ contact: number | null; not_called: string }>(`/desk/lists/${preview.id}/call`);
      if (answer.contact === null) {
        this.refusal = answer.not_called;
        return null;
      }
      this.#ofContacts.set(answer.contact, Promise.resolve(preview));
      this.#clear();
      return answer.contact;
    } catch (fault) {
      this.#refused(fault);
      return null;
    } finally {
      this.busy = false;
      if (!this.#idle && this.preview) this.putBack();
    }
  }

  async skip(why: Skip, note: string): Promise<void> {
    const { preview } = this;
    if (!preview || this.busy) return;
    this.busy = true;
    try {
      await this.#api.post(`/desk/lists/${preview.id}/skip`, { why, note });
      this.#clear();
    } catch (fault) {
      this.#refused(fault);
    } finally {
      this.busy = false;
    }
    await this.look();
  }

  /** Whom a rule stopped, or somebody else took, makes place for the next one. */
  async goOn(): Promise<void> {
    this.#clear();
    await this.look();
  }

  putBack(): void {
    clearTimeout(this.#again);
    if (this.preview) this.#tell(this.preview.id, "put-back");
    this.#clear();
  }

  /** Whom the agent called from a list in a contact; null for any other one. Asked for once. */
  async of(contact: number): Promise<Listed | null> {
    const known = this.#ofContacts.get(contact);
    if (known) return known;
    const asked = this.#api.get<{ listed: Listed | null }>(`/desk/lists/contacts/${contact}`).then(({ listed }) => listed);
    this.#ofContacts.set(contact, asked);
    return asked.catch((fault: unknown) => {
      this.#ofContacts.delete(contact);
      if (!(fault instanceof Unreachable || fault instanceof SignedOut || fault instanceof Refused)) throw fault;
      return null;
    });
  }

  #show(preview: Listed): void {
    this.preview = preview;
    this.refusal = null;
    clearInterval(this.#keeping);
    this.#keeping = setInterval(() => void this.#keep(preview.id), KEEP_MS);
  }

  async #keep(id: number): Promise<void> {
    try {
      await this.#api.post(`/desk/lists/${id}/keep`);
    } catch (fault) {
      if (fault instanceof Refused && this.preview?.id === id && !this.busy && this.refusal === null) await this.goOn();
    }
  }

  #clear(): void {
    clearInterval(this.#keeping);
    this.preview = null;
    this.refusal = null;
  }

  #refused(fault: unknown): void {
    if (fault instanceof Refused) this.refusal = Object.values(fault.fields)[0] ?? fault.message;
    else this.#complain(fault);
  }

  #tell(id: number, what: string): void {
    void this.#api.post(`/desk/lists/${id}/${what}`).catch(() => undefined); // the lease lapses, if this does not arrive
  }
}
