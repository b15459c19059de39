/** Mounts a part of the desk in its place of the page, if the page has one. */
import { mount, type Component } from "svelte";
import type { DeskContext } from "./context";
import Part from "./Part.svelte";

export function placePart(context: DeskContext, id: string, part: Component): void {
  const target = document.getElementById(id);
  if (!target) return;
  target.replaceChildren();
  mount(Part, { target, props: { context, part } });
}
