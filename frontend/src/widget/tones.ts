/** Colours by day and by night, those of the brand among them, as a style sheet that needs no recent browser. */
import type { Tones } from "./api";

export type Theme = "auto" | "light" | "dark";

const day = {
  surface: "#ffffff",
  sunken: "#f3f5f5",
  hover: "#ecf0f0",
  line: "#e0e5e6",
  "line-strong": "#c5ced1",
  "line-control": "#7d8c92",
  ink: "#15222a",
  "ink-2": "#42535c",
  "ink-3": "#56676f",
  good: "#0a655b",
  coral: "#b23a24",
  amber: "#7f5200",
  "amber-tint": "#fdf3dd",
  lift: "0 1px 2px rgb(21 34 42 / .08), 0 8px 24px rgb(21 34 42 / .12)",
};

const night: typeof day = {
  surface: "#131c1f",
  sunken: "#1a2529",
  hover: "#1b272b",
  line: "#243135",
  "line-strong": "#37474d",
  "line-control": "#6d8087",
  ink: "#e7eeef",
  "ink-2": "#b0bec2",
  "ink-3": "#93a4a9",
  good: "#5ac8b4",
  coral: "#ff9a84",
  amber: "#f0bd62",
  "amber-tint": "#2e2410",
  lift: "0 1px 2px rgb(0 0 0 / .5), 0 8px 24px rgb(0 0 0 / .45)",
};

export function tonesAsCss(brand: { day: Tones; night: Tones }, theme: Theme): string {
  const light = rule("light", day, brand.day);
  const dark = rule("dark", night, brand.night);
  if (theme === "light") return light;
  if (theme === "dark") return dark;
  return `${light} @media (prefers-color-scheme: dark) { ${dark} }`;
}

function rule(scheme: string, house: typeof day, brand: Tones): string {
  const own = Object.entries(house).map(([name, value]) => `--${name}: ${value};`);
  const theirs = Object.entries(brand).map(([name, value]) => `--w-${name}: ${value};`);
  return `.root { color-scheme: ${scheme}; ${[...own, ...theirs].join(" ")} }`;
}
