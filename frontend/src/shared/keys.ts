/** Keyboard shortcuts: named commands, keys a person may change, none a single letter. */

/** A chord as written in settings: "Alt+ArrowDown", "Ctrl+Enter", "F8". */
export type Chord = string;

export interface Shortcut<Name extends string = string> {
  name: Name;
  chord: Chord;
}

const KEPT = "homeshore-keys";
/** Any other key is needed to write, or to move about the page. */
const ALLOWED = /^(F\d{1,2}|(Ctrl|Alt)\+.+)$/;

export class Keys<Name extends string> {
  #defaults: Record<Name, Chord>;
  #chords: Map<Name, Chord>;
  #run: (name: Name) => boolean;

  /** `run` answers whether it had something to do; if not, the browser keeps the key. */
  constructor(defaults: Record<Name, Chord>, run: (name: Name) => boolean, storage: Storage | null = safeStorage()) {
    const changed = JSON.parse(storage?.getItem(KEPT) ?? "{}") as Partial<Record<Name, Chord>>;
    const names = Object.keys(defaults) as Name[];
    const kept = (name: Name): Chord => (ALLOWED.test(changed[name] ?? "") ? (changed[name] as Chord) : defaults[name]);
    this.#defaults = defaults;
    this.#chords = new Map(names.map((name) => [name, kept(name)]));
    this.#run = run;
  }

  chord(name: Name): Chord {
    return this.#chords.get(name) ?? "";
  }

  /** Change a key; the command that had it gets the other one. Raises when it is neither an F key nor held with Ctrl or Alt. */
  change(name: Name, chord: Chord, storage: Storage | null = safeStorage()): void {
    if (!ALLOWED.test(chord)) throw new Error(`${chord} cannot be a shortcut`);
    const previous = this.chord(name);
    for (const [other, taken] of this.#chords) if (taken === chord) this.#chords.set(other, previous);
    this.#chords.set(name, chord);
    storage?.setItem(KEPT, JSON.stringify(Object.fromEntries(this.#chords)));
  }

  /** Put every key back as it was at first. */
  reset(storage: Storage | null = safeStorage()): void {
    for (const name of this.#chords.keys()) this.#chords.set(name, this.#defaults[name]);
    storage?.removeItem(KEPT);
  }

  listen(target: Document = document): () => void {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      if (event.altKey && event.key.startsWith("Arrow") && event.target instanceof HTMLSelectElement) return; // opens its list
      const pressed = chordOf(event);
      for (const [name, chord] of this.#chords) {
        if (chord === pressed && this.#run(name)) {
          event.preventDefault();
          return;
        }
      }
    };
    target.addEventListener("keydown", onKey);
    return () => target.removeEventListener("keydown", onKey);
  }
}

/** The chord of a key event; with Alt, the key's place on the keyboard counts (Alt T may write a sign on some systems). */
export function chordOf(event: Pick<KeyboardEvent, "key" | "code" | "altKey" | "ctrlKey" | "metaKey" | "shiftKey">): Chord {
  const letter = event.altKey && /^Key[A-Z]$/.test(event.code) && !/^[a-z]$/i.test(event.key) ? event.code.slice(3) : event.key;
  const key = letter.length === 1 ? letter.toUpperCase() : letter;
  const held = [event.ctrlKey || event.metaKey ? "Ctrl" : "", event.altKey ? "Alt" : "", event.shiftKey && key.length > 1 ? "Shift" : ""];
  return [...held.filter(Boolean), key].join("+");
}

/** A chord as shown on a key cap. */
export function capOf(chord: Chord): string {
  const signs: Record<string, string> = { Enter: "↵", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc" };
  return chord
    .split("+")
    .map((part) => signs[part] ?? part)
    .join(" ");
}

function safeStorage(): Storage | null {
  try {
    return typeof localStorage === "undefined" ? null : localStorage;
  } catch {
    return null;
  }
}
