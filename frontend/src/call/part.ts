/** Puts a call into a page: what the widget loads when somebody wants to speak, and what the house's own page is made of. */
import { mount } from "svelte";
import { CustomerCall } from "./call.svelte";
import CallView from "./CallView.svelte";
import type { CallHost, CallPart } from "./host";
import sheet from "./call.css?inline";

export function createCall(host: CallHost, root: ShadowRoot): CallPart {
  const own = new CSSStyleSheet();
  own.replaceSync(sheet);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, own];
  const element = document.createElement("div");
  const call = new CustomerCall(host);
  mount(CallView, { target: element, props: { call } });
  void call.resume();
  return { element, call: () => void call.placeCall() };
}
