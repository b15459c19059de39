/** For pages made by templates: htmx for what they fetch, Alpine (the build without eval) for what they fold and unfold. */
import Alpine from "@alpinejs/csp";
import htmx from "htmx.org";
import "./copy";
import "./files";
import "./sliders";

htmx.config.includeIndicatorStyles = false; // an inline style, which our policy forbids
htmx.config.allowEval = false;
htmx.config.selfRequestsOnly = true;
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content;
  if (token) (event as CustomEvent<{ headers: Record<string, string> }>).detail.headers["X-CSRFToken"] = token;
});
const SIGN_IN = "/accounts/login/";
// What a page asks for when nobody is signed in any more is the page of signing in, no part of it: the page is loaded again, which asks who one is.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event as CustomEvent<{ xhr: XMLHttpRequest; shouldSwap: boolean }>;
  if (new URL(detail.xhr.responseURL || location.href).pathname !== SIGN_IN) return;
  detail.shouldSwap = false;
  location.reload();
});
Alpine.start();
