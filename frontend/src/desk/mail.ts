/** A mail's HTML made ready for a frame that runs nothing: remote images become words, links open elsewhere. */

export interface ReadyMail {
  document: string;
  blockedImages: number;
}

/** `html` comes sanitised from the server; this adds the second lock, and what a frame needs. `sheet` is its stylesheet's address. */
export function readyMail(html: string, sheet: string, imageWord: string, parser = new DOMParser()): ReadyMail {
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
    for (const { name } of [...each.attributes]) if (name.startsWith("on") || name === "style" || name === "srcset") each.removeAttribute(name);
  });
  page.querySelectorAll("a").forEach((link) => {
    link.target = "_blank";
    link.rel = "noopener noreferrer nofollow";
  });
  const style = page.createElement("link");
  style.rel = "stylesheet";
  style.href = sheet;
  page.head.append(style);
  return { document: `<!doctype html>${page.documentElement.outerHTML}`, blockedImages };
}
