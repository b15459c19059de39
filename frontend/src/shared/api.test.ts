import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createApi, Refused, SignedOut, Unreachable } from "./api";

beforeAll(() => void vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 1000 }));
afterAll(() => void vi.useRealTimers());

function stage(...answers: (() => Response)[]) {
  const calls: RequestInit[] = [];
  const fetcher = (_path: unknown, init: RequestInit = {}): Promise<Response> => {
    calls.push(init);
    const answer = answers.shift();
    return answer ? Promise.resolve(answer()) : Promise.reject(new TypeError("network"));
  };
  return { calls, api: createApi(() => "token", fetcher as typeof fetch) };
}
const json = (body: unknown, status = 200) => (): Response => new Response(JSON.stringify(body), { status });

test("a write carries the token and its key, the same at each attempt", async () => {
  const { api, calls } = stage(json({}, 502), json({ id: 3 }));
  expect(await api.post("/x", { a: 1 }, "k")).toEqual({ id: 3 });
  expect(calls.map((call) => new Headers(call.headers).get("Idempotency-Key"))).toEqual(["k", "k"]);
  expect(new Headers(calls[0]?.headers).get("X-CSRFToken")).toBe("token");
});
test("a last word outlives its page, and is said once whatever becomes of it", () => {
  const { api, calls } = stage();
  api.farewell("/x", { a: 1 });
  expect(calls.map(({ keepalive, body }) => [keepalive, body])).toEqual([[true, '{"a":1}']]);
});
test("a refusal speaks the server's words, and is not repeated", async () => {
  const { api, calls } = stage(json({ error: { code: "offer_gone", message: "Trop tard" } }, 409));
  await expect(api.post("/x")).rejects.toEqual(new Refused(409, "offer_gone", "Trop tard"));
  expect(calls).toHaveLength(1);
});
test("no answer at all is told apart, after three tries", async () => {
  const { api, calls } = stage();
  await expect(api.post("/x")).rejects.toBeInstanceOf(Unreachable);
  expect(calls).toHaveLength(3);
});
test("signed out is told apart", async () => {
  await expect(stage(json({}, 401)).api.get("/x")).rejects.toBeInstanceOf(SignedOut);
});
