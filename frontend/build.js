// Builds the islands, then the widget (one self-contained file that brands' pages load by a single script tag).
import { existsSync } from "node:fs";
import { build } from "vite";

await build();
if (existsSync(new URL("src/widget/main.ts", import.meta.url))) await build({ mode: "widget" });
