import { IDBFactory } from "fake-indexeddb";
import { afterEach, expect, test, vi } from "vitest";
import { Refused, Unreachable, type Api } from "./api";
import { KEPT_MS } from "./drafts";
import { openStore, UnsentQueue, type Unsent } from "./unsent";

type Answer = "ok" | "down" | "busy" | "no";

async function stage(answers: Answer[], factory = new IDBFactory()) {
  const posts: { path: string; key: string | undefined; body: object }[] = [];
  const post = (path: string, body: object = {}, key?: string): Promise<never> => {
    posts.push({ path, key, body });
    const answer = answers.shift() ?? "ok";
    if (answer === "down") return Promise.reject(new Unreachable());
    if (answer === "busy") return Promise.reject(new Unreachable("Later", { answered: true, retryAfterMs: 60_000 }));
    if (answer === "no") return Promise.reject(new Refused(409, "closed", "Conversation closed"));
    return Promise.resolve({ id: posts.length } as never);
  };
  const api = { get: post, post, postForm: post } as unknown as Api;
  const shown: Unsent[][] = [];
  const sent: string[] = [];
  const queue = new UnsentQueue(await openStore(factory), api, 7, {
    onChange: (entries) => shown.push(entries),
    onSent: (entry) => sent.push(entry.key),
    onSignedOut: () => undefined,
  });
  return { queue, posts, sent, shown, factory };
}
const write = async (queue: UnsentQueue, entry: ReturnType<typeof message>): Promise<void> => {
  await queue.keep(entry);
  await queue.flush();
};
const START = Date.now();
const message = (key: string, lane = 1, after = 1) => ({ key, lane, path: `/c/${lane}`, fields: { body: key }, files: [], writtenAt: START + after });

afterEach(() => vi.useRealTimers());

test("what could not be sent is kept, and goes once, under the same key, when the line is back", async () => {
  const { queue, posts, sent, shown } = await stage(["down", "ok"]);
  await write(queue, message("a"));
  expect(shown.at(-1)?.map((entry) => entry.key)).toEqual(["a"]);
  await queue.flush();
  await queue.flush();
  expect(posts.map((post) => post.key)).toEqual(["a", "a"]);
  expect([sent, shown.at(-1)]).toEqual([["a"], []]);
});

test("it survives a reload, and belongs to its writer alone", async () => {
  const { queue, factory } = await stage(["down"]);
  await write(queue, message("a"));
  const store = await openStore(factory);
  expect([(await store.all(7)).map((entry) => entry.key), await store.all(8)]).toEqual([["a"], []]);
});

test("what the server cannot take now is sent again by itself, when it said, and holds its own conversation only", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { queue, sent } = await stage(["busy"]);
  await queue.keep(message("a", 1, 1));
  await queue.keep(message("b", 1, 2));
  await write(queue, message("c", 2, 3));
  expect(sent).toEqual(["c"]);
  await vi.advanceTimersByTimeAsync(59_000);
  expect(sent).toEqual(["c"]);
  await vi.advanceTimersByTimeAsync(1_000);
  await vi.waitUntil(() => sent.length === 3);
  expect(sent).toEqual(["c", "a", "b"]);
});

test("while nothing answers, it is tried again less and less often", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { queue, posts, sent } = await stage(["down", "down", "down"]);
  await write(queue, message("a"));
  for (const [seconds, tries] of [[5, 2], [10, 3], [20, 4]] as const) {
    await vi.advanceTimersByTimeAsync((seconds - 1) * 1000);
    expect(posts).toHaveLength(tries - 1);
    await vi.advanceTimersByTimeAsync(1000);
    await vi.waitUntil(() => posts.length === tries);
  }
  await vi.waitUntil(() => sent.length > 0);
  expect(sent).toEqual(["a"]);
});

test("messages leave in the order they were written, and one that waits holds back the rest", async () => {
  const { queue, sent } = await stage(["down", "down", "ok", "ok"]);
  await write(queue, message("a", 1, 1));
  await write(queue, message("b", 1, 2));
  await queue.flush();
  expect(sent).toEqual(["a", "b"]);
});

test("a refusal is kept with its words, holds its own conversation only, and may be tried again", async () => {
  const { queue, sent, shown } = await stage(["no"]);
  await write(queue, message("a", 1, 1));
  await write(queue, message("b", 1, 2));
  await write(queue, message("c", 2, 3));
  expect(sent).toEqual(["c"]);
  expect(shown.at(-1)?.map((entry) => [entry.key, entry.refusal])).toEqual([
    ["a", "Conversation closed"],
    ["b", null],
  ]);
  await queue.retry("a");
  expect(sent).toEqual(["c", "a", "b"]);
});

test("what was refused more than a month ago is gone", async () => {
  const { queue, shown } = await stage(["no", "no"]);
  await write(queue, message("old", 1, -KEPT_MS - 1));
  await write(queue, message("new", 2));
  expect(shown.at(-1)?.map((entry) => entry.key)).toEqual(["new"]);
});
