/** A page's live feed: events after its snapshot, the state of the line, and the presence lease. */
import { Hub, type FromTab, type Subscription, type ToTab } from "./hub";
import type { LineState } from "./stream";
import type { ServerEvent } from "./sse";

export type { LineState, ServerEvent };

export interface FeedHandlers {
  onEvent: (event: ServerEvent) => void;
  /** The place is too old or the grant has ended: take a new snapshot and call `resume`. */
  onReset: () => void;
  onState: (state: LineState) => void;
  onLease?: (answer: unknown, milliseconds: number) => void;
  /** The lease could not be renewed: the session has ended. */
  onSignedOut?: () => void;
}

export interface Feed {
  resume: (subscription: Subscription) => void;
  retry: () => void;
  close: () => void;
}

/** Follow the feed after a snapshot, through the browser's shared worker where there is one. */
export function openFeed(subscription: Subscription, handlers: FeedHandlers): Feed {
  const receive = (message: ToTab): void => {
    if (message.type === "state") handlers.onState(message.state);
    else if (message.type === "lease") handlers.onLease?.(message.answer, message.milliseconds);
    else if (message.type === "signedOut") handlers.onSignedOut?.();
    else if (message.event.kind === "reset") handlers.onReset();
    else handlers.onEvent(message.event);
  };
  const send = typeof SharedWorker === "undefined" ? inThisPage(receive) : throughWorker(receive);
  const lock = `homeshore-tab-${crypto.randomUUID()}`;
  const subscribe = (to: Subscription): void => send({ type: "subscribe", lock, ...to });
  const retry = (): void => send({ type: "retry" });
  const cut = (): void => send({ type: "cut" });
  const bye = (): void => send({ type: "bye" });

  if (navigator.locks) {
    // Held as long as the page lives; asked for by the worker, which so learns that the page is gone.
    void navigator.locks.request(lock, () => new Promise<never>(() => undefined));
  }
  subscribe(subscription);
  window.addEventListener("online", retry);
  window.addEventListener("offline", cut);
  window.addEventListener("pagehide", bye);
  return {
    resume: subscribe,
    retry,
    close: () => {
      bye();
      window.removeEventListener("online", retry);
      window.removeEventListener("offline", cut);
      window.removeEventListener("pagehide", bye);
    },
  };
}

function throughWorker(receive: (message: ToTab) => void): (message: FromTab) => void {
  const worker = new SharedWorker(new URL("./feed.worker.ts", import.meta.url), { type: "module", name: "homeshore-feed" });
  worker.port.onmessage = ({ data }: MessageEvent<ToTab>) => receive(data);
  worker.port.start();
  return (message) => worker.port.postMessage(message);
}

function inThisPage(receive: (message: ToTab) => void): (message: FromTab) => void {
  const hub = new Hub();
  const tab = {};
  return (message) => {
    if (message.type === "subscribe") hub.subscribe(tab, message, receive);
    else if (message.type === "retry") hub.retry();
    else if (message.type === "cut") hub.cut();
    else hub.leave(tab);
  };
}
