/** Light, dark or the system's: shown at once, kept in a cookie that the server reads, so that no page flashes. */

const A_YEAR = 365 * 24 * 3600;

export function themeChoices(page: Document): void {
  const buttons = [...page.querySelectorAll<HTMLButtonElement>("button[data-theme-choice]")];
  const show = (theme: string): void => {
    if (theme === "system") delete page.documentElement.dataset.theme;
    else page.documentElement.dataset.theme = theme;
    for (const button of buttons) button.setAttribute("aria-checked", String(button.dataset.themeChoice === theme));
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const theme = button.dataset.themeChoice ?? "system";
      page.cookie = `theme=${theme}; path=/; max-age=${theme === "system" ? 0 : A_YEAR}; samesite=lax`;
      show(theme);
    });
  }
}
