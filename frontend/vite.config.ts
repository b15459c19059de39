import { svelte } from "@sveltejs/vite-plugin-svelte";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { BuildEnvironmentOptions, Plugin } from "vite";
import { defineConfig } from "vitest/config";

const source = fileURLToPath(new URL("src/", import.meta.url));
const built = fileURLToPath(new URL("../src/homeshore/web/static/built/", import.meta.url));

/** Every folder of src/ with a main.ts is an island, named after its folder; the widget is built apart, as one file. */
function islands(): Record<string, string> {
  const folders = readdirSync(source).filter((name) => name !== "widget" && existsSync(`${source}${name}/main.ts`));
  return Object.fromEntries(folders.map((name) => [name, `${source}${name}/main.ts`]));
}

/** What brands' pages load from us: one file each, at an address that never changes. */
const alone: Record<string, BuildEnvironmentOptions["rolldownOptions"]> = {
  widget: {
    input: `${source}widget/main.ts`,
    checks: { pluginTimings: false },
    output: { format: "iife", entryFileNames: "widget.js", codeSplitting: false },
  },
  "widget-call": {
    input: `${source}call/widget.ts`,
    checks: { pluginTimings: false },
    preserveEntrySignatures: "strict",
    output: { format: "es", entryFileNames: "widget-call.js", codeSplitting: false },
  },
};

/**
 * The widget and its call are built apart, each with Svelte in it, and each Svelte makes a policy for trusted types. A page
 * that asks for them allows a policy to be made once: the second one to come takes the first one's.
 */
function oneTrustedTypesPolicy(): Plugin {
  const made = /globalThis\?\.window\?\.trustedTypes &&\s*(\/\* @__PURE__ \*\/ globalThis\.window\.trustedTypes\.createPolicy\([\s\S]*?\}\s*\}\));/;
  return {
    name: "one-trusted-types-policy",
    transform(code, id) {
      if (!id.includes("svelte/src/internal/client/dom/reconciler.js")) return undefined;
      if (!made.test(code)) throw new Error("Svelte makes its policy in another way now: see oneTrustedTypesPolicy in vite.config.ts");
      return code.replace(made, `globalThis?.window?.trustedTypes && (globalThis[Symbol.for("homeshore-html")] ??= $1);`);
    },
  };
}

export default defineConfig(({ mode }) => ({
  plugins: [svelte(), ...(mode in alone ? [oneTrustedTypesPolicy()] : [])],
  base: "./", // assets find one another by relative address, wherever Django serves them
  build: {
    outDir: built,
    emptyOutDir: !(mode in alone),
    manifest: mode in alone ? false : "manifest.json",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // a data: address would need a hole in the content security policy
    rolldownOptions: alone[mode] ?? { input: islands(), checks: { eval: false, pluginTimings: false } }, // htmx has an eval that its settings switch off
  },
  worker: { format: "es" },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
}));
