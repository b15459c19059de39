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
// What a page asks for again by itself when nobody is signed in any more is no part of it: the page is loaded again, which asks who one is.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event as CustomEvent<{ xhr: XMLHttpRequest; pathInfo: { finalRequestPath: string }; shouldSwap: boolean }>;
  const asked = new URL(detail.pathInfo.finalRequestPath, location.href).pathname;
  if (new URL(detail.xhr.responseURL || asked, location.href).pathname === asked) return;
  detail.shouldSwap = false;
  location.reload();
});
Alpine.start();
