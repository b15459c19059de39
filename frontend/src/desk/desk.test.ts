// @vitest-environment jsdom
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Unreachable, type Api } from "../shared/api";
import { Desk } from "./desk.svelte";
import { snapshot, work } from "./sample";
import type { Snapshot, Work } from "./types";

const CLAIRE = 9;
const NADIA = 11;

/** Work with another contact than Claire's. */
function withNadia(): Work {
  const { contact, conversation } = work();
  return work({ assignment: { ...work().assignment, id: 4 }, contact: { ...contact, id: NADIA }, conversation: { ...conversation, id: 6 } });
}

/** A desk whose server is this test: `answers` by path, `tell` for what comes down the line. */
async function sitDown(first: Snapshot, answers: Record<string, () => unknown> = {}) {
  const answer = (path: string): Promise<never> =>
    Promise.resolve().then(() => (answers[path] ?? ((): unknown => (path === "/desk/snapshot" ? first : null)))() as never);
  let line: ReadableStreamDefaultController<Uint8Array> | undefined;
  const stream = (): Response => new Response(new ReadableStream({ start: (controller) => void (line = controller) }));
  vi.stubGlobal("fetch", (path: string) => Promise.resolve(path.startsWith("/push/stream") ? stream() : new Response("{}")));
  const silent = { offerCame: vi.fn(), offerWent: vi.fn(), messageCame: vi.fn(), contestAnswered: vi.fn() };
  const desk = new Desk({ get: answer, post: answer, postForm: answer } as unknown as Api, () => "token", silent);
  await desk.start();
  await vi.waitUntil(() => desk.line.kind === "live");
  let row = 100;
  const tell = async (kind: string, payload: object): Promise<void> => {
    desk.heardAt = 0;
    line?.enqueue(new TextEncoder().encode(`id: 0.${++row}\ntopics: agent:7\nevent: ${kind}\ndata: ${JSON.stringify(payload)}\n\n`));
    await vi.waitUntil(() => desk.heardAt > 0);
  };
  const reset = (): void => line?.enqueue(new TextEncoder().encode("event: reset\ndata: {}\n\n"));
  return { desk, tell, reset };
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  vi.stubGlobal("matchMedia", () => ({ matches: true }));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("when the server ends the work in hand, no other conversation slips under what is being typed", async () => {
  const { desk, tell } = await sitDown(snapshot({ work: [work(), withNadia()] }));
  desk.show(CLAIRE);
  await tell("work.ended", { contact: CLAIRE, assignment: 3, why: "wrapped_up" });
  expect([desk.open, Object.keys(desk.state?.work ?? {})]).toEqual([null, [String(NADIA)]]);
});

test("who ends it themselves goes on to the next", async () => {
  const { desk, tell } = await sitDown(snapshot({ work: [work(), withNadia()] }));
  desk.show(CLAIRE);
  await desk.finish(work(), null, false);
  await tell("work.ended", { contact: CLAIRE, assignment: 3, why: "closed" });
  expect(desk.open).toBe(NADIA);
});

test("a desk whose fresh snapshot fails says that its line is lost, and asks again", async () => {
  const snapshots: (() => Snapshot)[] = [
    () => snapshot(),
    () => {
      throw new Unreachable("");
    },
    () => snapshot({ work: [withNadia()] }),
  ];
  const { desk, reset } = await sitDown(snapshot(), { "/desk/snapshot": () => snapshots.shift()?.() });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  reset();
  await vi.waitUntil(() => desk.line.kind === "lost");
  expect(Object.keys(desk.state?.work ?? {})).toEqual([String(CLAIRE)]);
  await vi.advanceTimersByTimeAsync(3000);
  await vi.waitUntil(() => desk.line.kind === "live");
  expect(Object.keys(desk.state?.work ?? {})).toEqual([String(NADIA)]);
});

test("a desk that finds somebody else signed in opens anew, with nothing of the first one's", async () => {
  const reload = vi.fn();
  const { agent } = snapshot();
  const snapshots = [snapshot(), snapshot({ agent: { ...agent, id: 8, name: "Karim Haddad" } })];
  const { desk, reset } = await sitDown(snapshot(), { "/desk/snapshot": () => snapshots.shift() });
  vi.stubGlobal("location", { reload });
  reset();
  await vi.waitUntil(() => reload.mock.calls.length > 0);
  expect(desk.state?.agent.name).toBe("Inês Carvalho");
});
