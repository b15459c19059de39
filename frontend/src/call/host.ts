/** What the call needs of the page that carries it: the widget, or the house's own page. Plain, since the two are built apart. */
import type { Language } from "../shared/format";
import type { ServerEvent } from "../shared/sse";

export interface CallHost {
  /** The brand's name. */
  brand: string;
  language: () => Language;
  onLanguage: (listener: (language: Language) => void) => void;
  person: () => { name: string; email: string };
  /** Ask the server, under `/widget/v1/KEY/`; POST when there is a body. Raises Refused and Unreachable. */
  ask: <Answer>(path: string, body?: object, keepalive?: boolean) => Promise<Answer>;
  onEvent: (listener: (event: ServerEvent) => void) => void;
  /** Show the conversation as it is now, and follow it. */
  showThread: (thread: unknown) => void;
  /** The call began, or is over: the page may want to make room for it. */
  onActive: (active: boolean) => void;
}

export interface CallPart {
  /** Where the call is drawn; the page may move it about. */
  element: HTMLElement;
  /** Call now. */
  call: () => void;
}
