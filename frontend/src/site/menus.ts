/** Menus made of <details class="menu">: Escape and a press elsewhere close them, and opening one closes the others. */

export function closeMenus(page: Document): void {
  const open = (): HTMLDetailsElement[] => [...page.querySelectorAll<HTMLDetailsElement>("details.menu[open]")];
  page.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target as Node)) menu.open = false;
  });
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
}
