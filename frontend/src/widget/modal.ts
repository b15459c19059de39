/** On a phone the chat is the whole screen: focus stays inside, and the keyboard does not cover what is typed. */

const FULL = "(max-width: 520px), (max-height: 420px)";

/** Tell when the chat fills the screen, and keep its height that of what the keyboard leaves; gives what ends it. */
export function fitsTheScreen(host: HTMLElement, onChange: (full: boolean) => void): () => void {
  const query = window.matchMedia(FULL);
  const viewport = window.visualViewport;
  const fit = (): void => {
    if (viewport && query.matches) host.style.setProperty("--seen", `${Math.round(viewport.height)}px`);
    else host.style.removeProperty("--seen");
  };
  const change = (): void => {
    onChange(query.matches);
    fit();
  };
  change();
  query.addEventListener("change", change);
  viewport?.addEventListener("resize", fit);
  return () => {
    query.removeEventListener("change", change);
    viewport?.removeEventListener("resize", fit);
  };
}

/** Tab from the last goes to the first, and back. */
export function keepsFocusInside(panel: HTMLElement, event: KeyboardEvent): void {
  if (event.key !== "Tab") return;
  const stops = [...panel.querySelectorAll<HTMLElement>("button, a[href], input, textarea, [tabindex='0']")].filter(
    (each) => !each.hasAttribute("disabled") && each.offsetParent !== null,
  );
  const first = stops[0];
  const last = stops[stops.length - 1];
  const focused = (panel.getRootNode() as ShadowRoot).activeElement;
  if (event.shiftKey && (focused === first || focused === panel)) {
    event.preventDefault();
    last?.focus();
  } else if (!event.shiftKey && focused === last) {
    event.preventDefault();
    first?.focus();
  }
}
