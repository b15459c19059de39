import { svelte } from "@sveltejs/vite-plugin-svelte";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = fileURLToPath(new URL("src/", import.meta.url));
const built = fileURLToPath(new URL("../src/homeshore/web/static/built/", import.meta.url));

/** Every folder of src/ with a main.ts is an island, named after its folder; the widget is built apart, as one file. */
function islands(): Record<string, string> {
  const folders = readdirSync(source).filter((name) => name !== "widget" && existsSync(`${source}${name}/main.ts`));
  return Object.fromEntries(folders.map((name) => [name, `${source}${name}/main.ts`]));
}

export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  base: "./", // assets find one another by relative address, wherever Django serves them
  build: {
    outDir: built,
    emptyOutDir: mode !== "widget",
    manifest: mode === "widget" ? false : "manifest.json",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // a data: address would need a hole in the content security policy
    rolldownOptions:
      mode === "widget"
        ? {
            input: `${source}widget/main.ts`,
            checks: { pluginTimings: false },
            output: { format: "iife", entryFileNames: "widget.js", codeSplitting: false },
          }
        : { input: islands(), checks: { eval: false, pluginTimings: false } }, // htmx has an eval that its settings switch off
  },
  worker: { format: "es" },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
}));
