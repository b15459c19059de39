/**
 * What a person has sent that the server has not confirmed: kept in IndexedDB (files too), sent again in order under the
 * same key until the server answers, so that nothing is lost and nothing arrives twice, also after a reload.
 */
import { Refused, SignedOut, Unreachable, type Api } from "./api";
import { KEPT_MS } from "./drafts";

export interface Unsent {
  /** The idempotency key, which is also the message's `client_id`. */
  key: string;
  /** Whose it is: another person signed in on this computer neither sees nor sends it. */
  owner: number;
  /** What must stay in order: one lane a contact. */
  lane: number;
  path: string;
  fields: Record<string, string>;
  files: File[];
  writtenAt: number;
  /** The server's refusal, once it has refused: kept until the person sends it again or drops it. */
  refusal: string | null;
}

export interface UnsentStore {
  all(owner: number): Promise<Unsent[]>;
  put(entry: Unsent): Promise<void>;
  remove(key: string): Promise<void>;
}

const DATABASE = "homeshore";
const TABLE = "unsent";
const WAITS_MS = [5_000, 10_000, 20_000, 30_000];

/** The store of this browser; opening fails with the browser's own words when storage is full or forbidden. */
export async function openStore(factory: IDBFactory = indexedDB): Promise<UnsentStore> {
  const opening = factory.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE, { keyPath: "key" });
  const database = await settled(opening);
  const table = (mode: IDBTransactionMode): IDBObjectStore => database.transaction(TABLE, mode).objectStore(TABLE);
  return {
    all: async (owner) => {
      const entries: Unsent[] = await settled(table("readonly").getAll());
      return entries.filter((entry) => entry.owner === owner).sort((one, other) => one.writtenAt - other.writtenAt);
    },
    put: async (entry) => void (await settled(table("readwrite").put(entry))),
    remove: async (key) => void (await settled(table("readwrite").delete(key))),
  };
}

function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("storage failed"));
  });
}

/** A store that forgets on reload, for browsers that keep nothing (private windows): the page says so. */
export function fleetingStore(): UnsentStore {
  const entries = new Map<string, Unsent>();
  return {
    all: (owner) => Promise.resolve([...entries.values()].filter((entry) => entry.owner === owner)),
    put: (entry) => Promise.resolve(void entries.set(entry.key, entry)),
    remove: (key) => Promise.resolve(void entries.delete(key)),
  };
}

export interface QueueEvents {
  onChange: (entries: Unsent[]) => void;
  onSent: (entry: Unsent, answer: unknown) => void;
  onSignedOut: () => void;
}

/** Sends the unsent of one person, one at a time and in order; only one tab does it at once. */
export class UnsentQueue {
  #store: UnsentStore;
  #api: Api;
  #owner: number;
  #events: QueueEvents;
  #running = false;
  #again = false;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(store: UnsentStore, api: Api, owner: number, events: QueueEvents) {
    this.#store = store;
    this.#api = api;
    this.#owner = owner;
    this.#events = events;
  }

  /** Keep, before any try to send: what is shown as kept is kept. Fails with the browser's words when it cannot. */
  async keep(entry: Omit<Unsent, "owner" | "refusal">): Promise<void> {
    await this.#store.put({ ...entry, owner: this.#owner, refusal: null });
    await this.#changed();
  }

  async drop(key: string): Promise<void> {
    await this.#store.remove(key);
    await this.#changed();
  }

  /** Send again what the server refused. */
  async retry(key: string): Promise<void> {
    const entry = (await this.#store.all(this.#owner)).find((each) => each.key === key);
    if (!entry) return;
    await this.#store.put({ ...entry, refusal: null });
    await this.flush();
  }

  /** Send what can be sent now; what the server did not take is sent again by itself, later and later. */
  async flush(): Promise<void> {
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = true;
    try {
      do {
        this.#again = false;
        await alone(`homeshore-unsent-${this.#owner}`, () => this.#sendAll());
      } while (this.#again);
    } finally {
      this.#running = false;
    }
  }

  async #sendAll(): Promise<void> {
    const stopped = new Set<number>();
    let failed: Unreachable | null = null;
    for (const entry of await this.#store.all(this.#owner)) {
      if (entry.refusal !== null) {
        stopped.add(entry.lane);
        if (Date.now() - entry.writtenAt > KEPT_MS) await this.#store.remove(entry.key);
        continue;
      }
      if (stopped.has(entry.lane)) continue;
      try {
        const answer = await this.#send(entry);
        await this.#store.remove(entry.key);
        this.#events.onSent(entry, answer);
      } catch (fault) {
        if (fault instanceof SignedOut) return this.#events.onSignedOut();
        if (!(fault instanceof Unreachable || fault instanceof Refused)) throw fault;
        stopped.add(entry.lane); // what follows in this conversation may lean on it
        if (fault instanceof Unreachable) {
          failed = fault;
          if (fault.answered) continue;
          break;
        }
        await this.#store.put({ ...entry, refusal: fault.message || fault.code });
      }
    }
    this.#sendLater(failed);
    await this.#changed();
  }

  #sendLater(failed: Unreachable | null): void {
    clearTimeout(this.#timer);
    if (failed === null) this.#failures = 0;
    else {
      const wait = WAITS_MS[Math.min(this.#failures++, WAITS_MS.length - 1)] as number;
      this.#timer = setTimeout(() => void this.flush(), Math.max(wait, failed.retryAfterMs));
    }
  }

  #send(entry: Unsent): Promise<unknown> {
    if (entry.files.length === 0) return this.#api.post(entry.path, { ...entry.fields, client_id: entry.key }, entry.key);
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...entry.fields, client_id: entry.key })) form.set(name, value);
    for (const file of entry.files) form.append("files", file, file.name);
    return this.#api.postForm(entry.path, form, entry.key);
  }

  async #changed(): Promise<void> {
    this.#events.onChange(await this.#store.all(this.#owner));
  }
}

async function alone(name: string, work: () => Promise<void>): Promise<void> {
  if (typeof navigator !== "undefined" && navigator.locks) await navigator.locks.request(name, work);
  else await work();
}
