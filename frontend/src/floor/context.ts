/** What every part of the floor is given: the floor itself, its words, its figures. */
import { getContext, setContext } from "svelte";
import type { Format } from "../shared/format";
import type { Translator } from "../shared/i18n";
import type { Floor } from "./floor.svelte";
import type { FloorKey } from "./words/fr";

export interface FloorContext {
  floor: Floor;
  say: Translator<FloorKey>;
  /** Figures in the operator's zone; known once the snapshot is there. */
  format: () => Format;
}

const KEY = Symbol("floor");

export function giveFloor(context: FloorContext): void {
  setContext(KEY, context);
}

export function useFloor(): FloorContext {
  return getContext<FloorContext>(KEY);
}
