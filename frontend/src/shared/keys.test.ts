import { expect, test } from "vitest";
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
test("a single letter is refused", () => {
  expect(() => new Keys({ accept: "F8" }, () => true, null).change("accept", "A", null)).toThrow("single letter");
});
