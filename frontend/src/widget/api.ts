/** The server's addresses for widgets: without cookies, known by the visitor's token. */
import { Refused, Unreachable } from "../shared/api";
import type { Language } from "../shared/format";
import type { SentThread } from "./thread";

export interface Tones {
  accent: string;
  on: string;
  tint: string;
  line: string;
}

export interface Visit {
  token: string;
  now: string;
  brand: {
    name: string;
    tones: { day: Tones; night: Tones };
    greeting: Partial<Record<Language, string>>;
    privacy_url: string;
    time_zone: string;
  };
  opening: { is_open: boolean; until: string | null; opens_at: string | null; holiday: string };
  answers_by_mail: boolean;
  takes_calls: boolean;
  limits: { text: number; upload_bytes: number; upload_kinds: string[] };
  thread: SentThread | null;
}

interface Answer {
  thread: SentThread | null;
}

/** The server asks to slow down. */
export class TooMany extends Error {
  constructor(
    message: string,
    readonly retryAfterSeconds: number,
  ) {
    super(message);
  }
}

export interface Person {
  name: string;
  email: string;
}

export class WidgetApi {
  constructor(
    readonly base: string,
    private readonly key: string,
    private readonly queue: string,
    private readonly token: () => string,
    private readonly language: () => Language,
  ) {}

  visit(): Promise<Visit> {
    return this.#json("visit", { token: this.token(), queue: this.queue });
  }

  async thread(): Promise<SentThread | null> {
    return (await this.#send<Answer>("thread", { method: "GET" })).thread;
  }

  async say(clientId: string, body: string, files: File[], person: Person): Promise<SentThread | null> {
    const fields = { client_id: clientId, body, queue: this.queue, ...person };
    if (!files.length) return (await this.#json<Answer>("messages", fields)).thread;
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    for (const file of files) form.append("files", file, file.name);
    return (await this.#send<Answer>("messages", { method: "POST", body: form })).thread;
  }

  async byMail(clientId: string, body: string, person: Person): Promise<SentThread | null> {
    return (await this.#json<Answer>("by-mail", { client_id: clientId, body, queue: this.queue, ...person })).thread;
  }

  async leave(): Promise<SentThread | null> {
    return (await this.#json<Answer>("leave", {})).thread;
  }

  async typing(): Promise<void> {
    await this.#json("typing", {});
  }

  async read(): Promise<void> {
    await this.#json("read", {});
  }

  async file(id: number): Promise<Blob> {
    return (await this.#fetch(`files/${id}`, { method: "GET" })).blob();
  }

  /** Whatever else is asked under the brand's key: POST when there is a body; `keepalive` outlives the page. */
  ask<Answer>(path: string, body?: object, keepalive = false): Promise<Answer> {
    if (!body) return this.#send(path, { method: "GET" });
    return this.#send(path, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" }, keepalive });
  }

  #json<Answer>(path: string, body: object): Promise<Answer> {
    return this.#send(path, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
  }

  async #send<Answer>(path: string, init: RequestInit): Promise<Answer> {
    const response = await this.#fetch(path, init);
    return (response.status === 204 ? null : await response.json()) as Answer;
  }

  /** Raises Unreachable (it may be sent again), TooMany, or Refused with the server's own words. */
  async #fetch(path: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(`${this.base}/widget/v1/${encodeURIComponent(this.key)}/${path}`, {
        ...init,
        headers: { ...init.headers, Authorization: `Bearer ${this.token()}`, "Accept-Language": this.language() },
        credentials: "omit",
        mode: "cors",
        cache: "no-store",
      });
    } catch (fault) {
      throw new Unreachable(fault instanceof Error ? fault.message : String(fault));
    }
    if (response.ok) return response;
    if (response.status >= 500) throw new Unreachable(String(response.status));
    const error = ((await response.json().catch(() => null)) as { error?: { code: string; message: string; fields?: Record<string, string> } } | null)
      ?.error;
    if (response.status === 429) throw new TooMany(error?.message ?? "", Number(response.headers.get("Retry-After") ?? 10));
    throw new Refused(response.status, error?.code ?? `http_${response.status}`, error?.message ?? "", error?.fields);
  }
}
