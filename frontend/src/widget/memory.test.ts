import { afterEach, describe, expect, it, vi } from "vitest";
import { Memory } from "./memory";

/** A storage that is full after so many entries, as a page may have filled it. */
class Small {
  entries = new Map<string, string>();
  constructor(readonly room: number) {}
  getItem = (key: string): string | null => this.entries.get(key) ?? null;
  removeItem = (key: string): void => void this.entries.delete(key);
  setItem(key: string, value: string): void {
    if (!this.entries.has(key) && this.entries.size >= this.room) throw new DOMException("full", "QuotaExceededError");
    this.entries.set(key, value);
  }
}

describe("what the widget keeps", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("is known on this page also when the storage is full", () => {
    vi.stubGlobal("localStorage", new Small(0));
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const memory = new Memory("lavande");
    memory.keepToken("first", { renewed: false });
    memory.keepToken("second", { renewed: true });
    expect(memory.token).toBe("second");
    memory.keepToken("", { renewed: true });
    expect(memory.token).toBe("");
  });

  it("is what another tab has changed meanwhile", () => {
    const storage = new Small(5);
    vi.stubGlobal("localStorage", storage);
    const memory = new Memory("lavande");
    memory.keepToken("mine", { renewed: false });
    storage.entries.set("homeshore.lavande.token", "theirs");
    expect(memory.token).toBe("theirs");
  });
});
