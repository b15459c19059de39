// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import { askForNotices, noticePermission, notify } from "./notices";

afterEach(() => vi.unstubAllGlobals());

test("a browser that allows notices but cannot make them is told apart, and breaks nothing", async () => {
  const constructor = function (): never {
    throw new TypeError("Illegal constructor. Use ServiceWorkerRegistration.showNotification() instead.");
  };
  const Notification = Object.assign(constructor, { permission: "granted" });
  vi.stubGlobal("Notification", Notification);
  vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  expect(noticePermission()).toBe("granted");
  expect(() => notify("Tchat", "Maison Lavande", "offer-1")()).not.toThrow();
  expect([noticePermission(), await askForNotices()]).toEqual(["absent", "absent"]);
});
