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
const NOT_SIGNED_IN = 401;
// When nobody is signed in any more the page is loaded again, which asks who one is.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event as CustomEvent<{ xhr: XMLHttpRequest }>;
  if (detail.xhr.status === NOT_SIGNED_IN) location.reload();
});
Alpine.start();
