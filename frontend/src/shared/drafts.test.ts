// @vitest-environment jsdom
import { expect, test, vi } from "vitest";
import { Drafts, KEPT_MS } from "./drafts";

test("a draft is kept for its writer, its contact and its mode, and goes when it is empty", () => {
  localStorage.clear();
  const mine = new Drafts(7, localStorage);
  const theirs = new Drafts(8, localStorage);
  mine.keep(3, "reply", "Bonjour");
  mine.keep(3, "note", "à rappeler");
  theirs.keep(3, "reply", "Hello");
  expect([mine.read(3, "reply"), mine.read(3, "note"), mine.read(4, "reply")]).toEqual(["Bonjour", "à rappeler", ""]);
  mine.keep(3, "note", "");
  expect(mine.all()).toEqual([{ contact: 3, mode: "reply", text: "Bonjour" }]);
});

test("whom a note is for and the files of a reply stay with their contact until it goes", () => {
  localStorage.clear();
  const mine = new Drafts(7, localStorage);
  const plan = new File(["x"], "plan.pdf");
  mine.keepAudience(3, "operator");
  mine.keepFiles(3, [plan]);
  expect([mine.audience(3), mine.audience(4), mine.files(3), mine.files(4)]).toEqual(["operator", "brand", [plan], []]);
  expect([new Drafts(7, localStorage).audience(3), new Drafts(8, localStorage).audience(3)]).toEqual(["operator", "brand"]);
  expect(mine.all()).toEqual([]);
  mine.forget(3);
  expect([mine.audience(3), mine.files(3)]).toEqual(["brand", []]);
});

test("a browser that keeps nothing says so", () => {
  expect([new Drafts(7, null).keep(3, "reply", "Bonjour"), new Drafts(7, null).all()]).toEqual([false, []]);
  const fleeting = new Drafts(7, null);
  fleeting.keepAudience(3, "operator");
  expect(fleeting.audience(3)).toBe("operator");
});

test("what was written more than a month ago is gone, whosever it was", () => {
  localStorage.clear();
  vi.useFakeTimers();
  new Drafts(7, localStorage).keep(3, "reply", "Bonjour : à demain");
  vi.advanceTimersByTime(KEPT_MS);
  expect(new Drafts(8, localStorage).all()).toEqual([]);
  expect(new Drafts(7, localStorage).read(3, "reply")).toBe("Bonjour : à demain");
  vi.advanceTimersByTime(1);
  new Drafts(8, localStorage);
  vi.useRealTimers();
  expect(Object.keys(localStorage)).toEqual([]);
});
