import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

export default ts.config(
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig } },
  },
  {
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "no-console": ["error", { allow: ["error", "warn"] }],
      "svelte/no-at-html-tags": "error",
      "svelte/no-inline-styles": "error",
      "svelte/button-has-type": "error",
      "svelte/no-navigation-without-resolve": "off",
      "svelte/no-dupe-style-properties": "error",
      "svelte/prefer-svelte-reactivity": "off",
    },
  },
  { files: ["*.js"], rules: { "no-console": "off" } },
  { ignores: ["node_modules/"] },
);
