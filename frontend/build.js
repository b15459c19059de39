// Builds the islands, then the widget (one self-contained file that brands' pages load by a single script tag).
import { existsSync } from "node:fs";
import { build } from "vite";

console.log("Building the pages' scripts and styles …");
await build({ logLevel: "warn" });
if (existsSync(new URL("src/widget/main.ts", import.meta.url))) await build({ mode: "widget", logLevel: "warn" });
