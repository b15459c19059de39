/** What every part of the desk is given: the desk itself, its words, its figures, its keys. */
import { getContext, setContext } from "svelte";
import type { Format } from "../shared/format";
import type { Translator } from "../shared/i18n";
import type { Keys } from "../shared/keys";
import type { Desk } from "./desk.svelte";
import type { CommandName } from "./commands";
import type { DeskKey } from "./words/fr";

export interface DeskContext {
  desk: Desk;
  say: Translator<DeskKey>;
  /** Figures in the operator's zone; known once the snapshot is there. */
  format: () => Format;
  keys: Keys<CommandName>;
}

const KEY = Symbol("desk");

export function giveDesk(context: DeskContext): void {
  setContext(KEY, context);
}

export function useDesk(): DeskContext {
  return getContext<DeskContext>(KEY);
}
