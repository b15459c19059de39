/** A mail's HTML made ready for a frame that runs nothing: remote images become words, links open elsewhere. */

import type { Work } from "./types";

/** Where an answer by mail goes, as the server will have it: where the last mail from a person asks, or to the customer. */
export function recipientOf(work: Work): string {
  const asked = work.messages.findLast((message) => message.kind === "inbound" && message.reply_to)?.reply_to;
  return asked || work.conversation.unverified_email || work.customer.email;
}

export interface ReadyMail {
  document: string;
  blockedImages: number;
}

const LOOKS = new Set(["style", "srcset", "background", "bgcolor", "color", "text", "link"]);

/**
 * `html` comes sanitised from the server; this adds the second lock, and what a frame needs: the addresses of its sheets,
 * and the page's theme. A mail's own colours go, since they would be unreadable in the other theme.
 */
export function readyMail(html: string, sheets: string[], imageWord: string, theme: string | undefined = undefined, parser = new DOMParser()): ReadyMail {
  const page = parser.parseFromString(html, "text/html");
  page.querySelectorAll("script, style, link, meta, base, iframe, object, embed, form, input, button").forEach((each) => each.remove());
  let blockedImages = 0;
  page.querySelectorAll("img").forEach((image) => {
    blockedImages += 1;
    const words = page.createElement("span");
    words.className = "blocked";
    words.textContent = image.alt || imageWord;
    image.replaceWith(words);
  });
  page.querySelectorAll("*").forEach((each) => {
    for (const { name } of [...each.attributes]) if (name.startsWith("on") || LOOKS.has(name)) each.removeAttribute(name);
  });
  page.querySelectorAll("a").forEach((link) => {
    link.target = "_blank";
    link.rel = "noopener noreferrer nofollow";
  });
  if (theme) page.documentElement.dataset.theme = theme;
  for (const sheet of sheets) {
    const style = page.createElement("link");
    style.rel = "stylesheet";
    style.href = sheet;
    page.head.append(style);
  }
  return { document: `<!doctype html>${page.documentElement.outerHTML}`, blockedImages };
}
