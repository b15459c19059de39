// @vitest-environment jsdom
import { expect, test, vi } from "vitest";
import { capOf, chordOf, Keys } from "./keys";

const press = (key: string, held: Partial<KeyboardEvent> = {}, code = "") =>
  chordOf({ key, code, altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, ...held });

test("a chord is what is held, then the key", () => {
  expect([press("F8"), press("t", { altKey: true }, "KeyT"), press("Enter", { ctrlKey: true }), press("k", { metaKey: true })]).toEqual([
    "F8", "Alt+T", "Ctrl+Enter", "Ctrl+K",
  ]);
});
test("with Alt, a key that writes a sign is known by its place", () => expect(press("†", { altKey: true }, "KeyT")).toBe("Alt+T"));
test("caps show signs", () => expect(["Ctrl+Enter", "Alt+ArrowDown"].map(capOf)).toEqual(["Ctrl ↵", "Alt ↓"]));
test("a changed key is exchanged with the one that had it", () => {
  const keys = new Keys({ accept: "F8", decline: "F9" }, () => true, null);
  keys.change("accept", "F9", null);
  expect([keys.chord("accept"), keys.chord("decline")]).toEqual(["F9", "F8"]);
});
test("only F keys, and keys held with Ctrl or Alt, may be shortcuts", () => {
  const keys = new Keys({ accept: "F8" }, () => true, null);
  for (const chord of ["A", "Shift+A", "Enter", "Backspace", "Delete", "ArrowDown", "Shift+Tab", " "]) {
    expect(() => keys.change("accept", chord, null), chord).toThrow("cannot be a shortcut");
  }
  for (const chord of ["F12", "Alt+Enter", "Ctrl+Shift+ArrowUp"]) {
    keys.change("accept", chord, null);
    expect(keys.chord("accept")).toBe(chord);
  }
});
test("what was kept before and may not be a shortcut is forgotten, and all can be put back", () => {
  localStorage.setItem("homeshore-keys", JSON.stringify({ accept: "Enter", decline: "F7" }));
  const keys = new Keys({ accept: "F8", decline: "F9" }, () => true, localStorage);
  expect([keys.chord("accept"), keys.chord("decline")]).toEqual(["F8", "F7"]);
  keys.reset(localStorage);
  expect([keys.chord("decline"), new Keys({ decline: "F9" }, () => true, localStorage).chord("decline")]).toEqual(["F9", "F9"]);
});
test("Alt and an arrow open a list box, whatever the shortcuts say", () => {
  const run = vi.fn(() => true);
  const stop = new Keys({ next: "Alt+ArrowDown" }, run, null).listen(document);
  document.body.innerHTML = "<select></select><textarea></textarea>";
  const press = (selector: string): boolean | undefined =>
    document.querySelector(selector)?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", altKey: true, bubbles: true, cancelable: true }));
  expect([press("select"), run.mock.calls.length]).toEqual([true, 0]);
  expect([press("textarea"), run.mock.calls.length]).toEqual([false, 1]);
  stop();
});
