/** Requests to our own server: JSON both ways, the CSRF token, idempotency keys, and errors a person can read. */

/** The server understood and said no: its own words are in `message`. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: Record<string, string> = {},
  ) {
    super(message);
  }
}

/** The server could not be reached, or could not do it now (its words, if any, in `message`): send again with the same key. */
export class Unreachable extends Error {
  /** Whether the server, or what stands before it, answered. */
  readonly answered: boolean;
  /** How long it asked us to wait. */
  readonly retryAfterMs: number;

  constructor(message = "", { answered = false, retryAfterMs = 0, cause }: { answered?: boolean; retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, { cause });
    this.answered = answered;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The person is no longer signed in. */
export class SignedOut extends Error {}

export interface Api {
  get<Answer>(path: string): Promise<Answer>;
  /** Send once under `key` (made up when absent): the same key always gets the same answer. */
  post<Answer>(path: string, body?: object, key?: string): Promise<Answer>;
  /** A last word as the page goes away, which outlives it; nobody hears what is answered. */
  farewell(path: string, body?: object): void;
  /** Like `post`, with files. */
  postForm<Answer>(path: string, form: FormData, key?: string): Promise<Answer>;
}

export function newKey(): string {
  return crypto.randomUUID();
}

const ATTEMPTS_AFTER_MS = [0, 400, 1500];

/** The page's API; `csrf` is asked each time, since signing in changes it. */
export function createApi(csrf: () => string, fetcher: typeof fetch = fetch): Api {
  async function once<Answer>(path: string, init: RequestInit): Promise<Answer> {
    let response: Response;
    try {
      response = await fetcher(path, { credentials: "same-origin", redirect: "manual", ...init });
    } catch (fault) {
      throw new Unreachable("", { cause: fault });
    }
    if (response.type === "opaqueredirect" || response.status === 401) throw new SignedOut();
    const answer: unknown = response.status === 204 ? null : await response.json().catch(() => null);
    if (response.ok) return answer as Answer;
    const error = (answer as { error?: { code?: string; message?: string; fields?: Record<string, string> } } | null)?.error;
    if (response.status >= 500 || response.status === 429) {
      const retryAfterMs = 1000 * Number(response.headers.get("Retry-After") ?? 0) || 0;
      throw new Unreachable(error?.message, { answered: true, retryAfterMs });
    }
    throw new Refused(response.status, error?.code ?? `http_${response.status}`, error?.message ?? "", error?.fields);
  }

  /** A write is repeated under its key while the server cannot be reached; what stays unsent is the caller's to keep. */
  async function write<Answer>(path: string, body: BodyInit, type: string | null, key = newKey()): Promise<Answer> {
    const headers: Record<string, string> = { "X-CSRFToken": csrf(), "Idempotency-Key": key, Accept: "application/json" };
    if (type) headers["Content-Type"] = type;
    let last: unknown;
    for (const wait of ATTEMPTS_AFTER_MS) {
      if (wait) await new Promise((resume) => setTimeout(resume, wait));
      try {
        return await once<Answer>(path, { method: "POST", headers, body });
      } catch (fault) {
        if (!(fault instanceof Unreachable)) throw fault;
        last = fault;
      }
    }
    throw last;
  }

  return {
    get: (path) => once(path, { headers: { Accept: "application/json" } }),
    post: (path, body = {}, key) => write(path, JSON.stringify(body), "application/json", key),
    farewell: (path, body = {}) => {
      const headers = { "X-CSRFToken": csrf(), "Content-Type": "application/json" };
      void fetcher(path, { method: "POST", credentials: "same-origin", keepalive: true, headers, body: JSON.stringify(body) }).catch(() => undefined);
    },
    postForm: (path, form, key) => write(path, form, null, key),
  };
}

/** The CSRF token that the page carries. */
export function pageToken(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}
