import { expect, test, vi } from "vitest";
import { Hub, type ToTab } from "./hub";
import type { Stream, StreamOptions } from "./stream";

function stage(fetcher: typeof fetch = () => Promise.reject(new Error("offline"))) {
  const restarts: { grants: string[]; after: string | null }[] = [];
  let options: StreamOptions | undefined;
  const hub = new Hub((given) => {
    options = given;
    const restart = (): void => void restarts.push({ grants: given.grants(), after: given.after() });
    return { restart, stop: () => undefined } as unknown as Stream;
  }, fetcher);
  const heard = (): { messages: ToTab[]; send: (message: ToTab) => void } => {
    const messages: ToTab[] = [];
    return { messages, send: (message) => void messages.push(message) };
  };
  const emit = (id: string | null, topics = ["agent:7"], kind = "x"): void => options?.onEvent({ id, topics, kind, data: id });
  return { hub, restarts, heard, emit, state: (kind: "live") => options?.onState({ kind, milliseconds: 3 }) };
}
const ids = (messages: ToTab[]): unknown[] => messages.flatMap((message) => (message.type === "event" ? [message.event.id] : []));

test("two tabs with one grant share one connection", () => {
  const { hub, restarts, heard, emit } = stage();
  const [one, other] = [heard(), heard()];
  hub.subscribe(one, { grant: "A", topic: "agent:7", position: "0.5" }, one.send);
  emit("0.6");
  hub.subscribe(other, { grant: "A", topic: "agent:7", position: "0.6" }, other.send);
  emit("0.7");
  expect(restarts).toEqual([{ grants: ["A"], after: "0.5" }]);
  expect([ids(one.messages), ids(other.messages)]).toEqual([["0.6", "0.7"], ["0.7"]]);
});

test("a tab whose snapshot is older makes the stream read again, and nobody hears an event twice", () => {
  const { hub, restarts, heard, emit } = stage();
  const [one, late] = [heard(), heard()];
  hub.subscribe(one, { grant: "A", topic: "agent:7", position: "0.5" }, one.send);
  emit("0.9");
  hub.subscribe(late, { grant: "A", topic: "agent:7", position: "0.7" }, late.send);
  emit("0.8");
  emit("0.9");
  expect(restarts.map((restart) => restart.after)).toEqual(["0.5", "0.7"]);
  expect([ids(one.messages), ids(late.messages)]).toEqual([["0.9"], ["0.8", "0.9"]]);
});

test("another grant joins the same stream, from where it was", () => {
  const { hub, restarts, heard, emit } = stage();
  const [one, other] = [heard(), heard()];
  hub.subscribe(one, { grant: "A", topic: "agent:7", position: "0.5" }, one.send);
  emit("0.6");
  hub.subscribe(other, { grant: "B", topic: "floor:1", position: "0.6" }, other.send);
  expect(restarts.at(-1)).toEqual({ grants: ["A", "B"], after: "0.6" });
});

test("a tab hears the topic of its own snapshot, and no other tab's", () => {
  const { hub, heard, emit } = stage();
  const [desk, floor] = [heard(), heard()];
  hub.subscribe(desk, { grant: "A", topic: "agent:7", position: "0.5" }, desk.send);
  hub.subscribe(floor, { grant: "B", topic: "floor:1", position: "0.5" }, floor.send);
  emit("0.6", ["agent:7"]);
  emit("0.7", ["floor:1"]);
  emit(null, ["agent:7"]);
  emit("0.8", ["agent:7", "floor:1"]);
  expect([ids(desk.messages), ids(floor.messages)]).toEqual([["0.6", null, "0.8"], ["0.7", "0.8"]]);
});

test("a stream that must begin anew tells every tab", () => {
  const { hub, heard, emit } = stage();
  const [desk, floor] = [heard(), heard()];
  hub.subscribe(desk, { grant: "A", topic: "agent:7", position: "0.5" }, desk.send);
  hub.subscribe(floor, { grant: "B", topic: "floor:1", position: "0.5" }, floor.send);
  emit(null, [], "reset");
  expect([ids(desk.messages), ids(floor.messages)]).toEqual([[null], [null]]);
});

test("whispers move no place", () => {
  const { hub, heard, emit } = stage();
  const one = heard();
  hub.subscribe(one, { grant: "A", topic: "agent:7", position: "12.5" }, one.send);
  emit(null);
  emit("12.6");
  expect(ids(one.messages)).toEqual([null, "12.6"]);
});

test("a lease that leads to the sign-in page tells the tabs that keep one", async () => {
  const redirect = { type: "opaqueredirect", ok: false, status: 0 } as Response;
  const { hub, heard } = stage((() => Promise.resolve(redirect)) as unknown as typeof fetch);
  const [one, other] = [heard(), heard()];
  hub.subscribe(one, { grant: "A", topic: "agent:7", position: "0.5", lease: { url: "/desk/lease", csrf: "t" } }, one.send);
  hub.subscribe(other, { grant: "A", topic: "agent:7", position: "0.5" }, other.send);
  await hub.renewLease();
  expect(one.messages.at(-1)).toEqual({ type: "signedOut" });
  expect(other.messages.filter((message) => message.type === "signedOut")).toEqual([]);
});

test("the lease is renewed every 15 s by one request, for as long as a tab keeps one", async () => {
  vi.useFakeTimers();
  const fetcher = vi.fn(() => Promise.resolve(new Response('{"lease_until":"soon"}')));
  const { hub, heard } = stage(fetcher as unknown as typeof fetch);
  const [one, other] = [heard(), heard()];
  for (const tab of [one, other]) hub.subscribe(tab, { grant: "A", topic: "agent:7", position: "0.5", lease: { url: "/desk/lease", csrf: "t" } }, tab.send);
  await vi.advanceTimersByTimeAsync(30_000);
  hub.leave(one);
  hub.leave(other);
  await vi.advanceTimersByTimeAsync(60_000);
  vi.useRealTimers();
  expect(fetcher).toHaveBeenCalledTimes(2);
  expect(one.messages.filter((message) => message.type === "lease")).toHaveLength(2);
});
