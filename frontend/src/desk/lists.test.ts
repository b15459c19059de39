// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Refused, type Api } from "../shared/api";
import { Lists, type Listed } from "./lists.svelte";

function person(id: number): Listed {
  return {
    id, list: "Satisfaction", brand: 1, queue: 2, purpose: "Survey", script: "", name: `Person ${id}`, number: "+33 1 45 06 07 08",
    language: "fr", told: [], asked_back: false, due_at: "2026-11-24T09:00:00Z", tried: 0, most_attempts: 3, history: [],
  };
}

/** Lists whose server is this test: `answers` by path; what was asked is in `asked`. */
function lists(answers: Record<string, () => unknown>) {
  const asked: string[] = [];
  const answer = (path: string): Promise<never> => {
    asked.push(path);
    return Promise.resolve().then(() => (answers[path] ?? (() => ({})))() as never);
  };
  const complain = vi.fn();
  return { lists: new Lists({ get: answer, post: answer, farewell: vi.fn() } as unknown as Api, complain), asked, complain };
}

const settled = (): Promise<void> => vi.advanceTimersByTimeAsync(0).then(() => undefined);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("somebody is asked for when there is nothing else to do, kept by signs of life, and given back when there is", async () => {
  const { lists: mine, asked } = lists({ "/desk/lists/next": () => ({ preview: person(4), again_in: 30 }) });
  mine.attend(true);
  await settled();
  expect(mine.preview?.name).toBe("Person 4");
  await vi.advanceTimersByTimeAsync(20_000);
  mine.attend(false);
  await settled();
  expect(mine.preview).toBeNull();
  expect(asked).toEqual(["/desk/lists/next", "/desk/lists/4/keep", "/desk/lists/4/put-back"]);
});

test("with nobody to call the server says when to ask again, and is asked no more when no list has anybody", async () => {
  const next = vi.fn().mockReturnValueOnce({ preview: null, again_in: 30 }).mockReturnValue({ preview: null, again_in: null });
  const { lists: mine, asked } = lists({ "/desk/lists/next": next });
  mine.attend(true);
  await settled();
  await vi.advanceTimersByTimeAsync(29_000);
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(asked).toHaveLength(2);
});

test("who is called is remembered for their contact, and is not given back when that contact comes", async () => {
  const { lists: mine, asked } = lists({
    "/desk/lists/next": () => ({ preview: person(4), again_in: null }),
    "/desk/lists/4/call": () => ({ contact: 9, not_called: "" }),
  });
  mine.attend(true);
  await settled();
  const called = mine.call();
  mine.attend(false); // the contact is at the desk before the answer is
  expect(await called).toBe(9);
  expect((await mine.of(9))?.name).toBe("Person 4");
  expect(asked).toEqual(["/desk/lists/next", "/desk/lists/4/call"]);
});

test("the rule that stops a call stays to be read until the agent goes on to the next person", async () => {
  const next = vi.fn().mockReturnValueOnce({ preview: person(4), again_in: null }).mockReturnValue({ preview: person(5), again_in: null });
  const { lists: mine } = lists({
    "/desk/lists/next": next,
    "/desk/lists/4/call": () => ({ contact: null, not_called: "They do not want to be called." }),
  });
  mine.attend(true);
  await settled();
  expect(await mine.call()).toBeNull();
  expect([mine.preview?.id, mine.refusal]).toEqual([4, "They do not want to be called."]);
  await mine.goOn();
  expect([mine.preview?.id, mine.refusal]).toEqual([5, null]);
});

test("whom somebody else has taken meanwhile makes place for the next person", async () => {
  const next = vi.fn().mockReturnValueOnce({ preview: person(4), again_in: null }).mockReturnValue({ preview: person(5), again_in: null });
  const gone = (): never => {
    throw new Refused(404, "not_in_your_hands", "Somebody else has taken this person meanwhile.");
  };
  const { lists: mine, complain } = lists({ "/desk/lists/next": next, "/desk/lists/4/keep": gone });
  mine.attend(true);
  await settled();
  await vi.advanceTimersByTimeAsync(20_000);
  expect([mine.preview?.id, complain.mock.calls]).toEqual([5, []]);
});
