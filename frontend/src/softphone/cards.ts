/** Whether a field for a payment card has the focus: while it has, nothing of a call is recorded. */

const CARD = /\bcc-(number|csc|exp|exp-month|exp-year|name|type)\b/;

/** A field says what it is for by `autocomplete="cc-number"` and its like (WHATWG), or by our own mark `data-card`. */
export function isCardField(target: EventTarget | null | undefined): boolean {
  const field = target as { getAttribute?: (name: string) => string | null; closest?: (selector: string) => unknown } | null | undefined;
  if (!field?.getAttribute) return false;
  return CARD.test(field.getAttribute("autocomplete") ?? "") || Boolean(field.closest?.("[data-card]"));
}

/** Tell when the focus comes to such a field, and when it has left; also inside of shadow roots. Returns what ends it. */
export function watchCards(onChange: (typing: boolean) => void, page: Document = document): () => void {
  let typing = false;
  const come = (event: FocusEvent): void => change(isCardField(event.composedPath()[0]));
  const left = (event: FocusEvent): void => change(isCardField(event.relatedTarget));
  function change(now: boolean): void {
    if (now !== typing) onChange((typing = now));
  }
  page.addEventListener("focusin", come);
  page.addEventListener("focusout", left);
  return () => {
    page.removeEventListener("focusin", come);
    page.removeEventListener("focusout", left);
  };
}
