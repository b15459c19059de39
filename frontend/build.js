// Builds the islands, then what brands' pages load: the widget, one file by a single script tag, and the call that it loads when asked.
import { build } from "vite";

console.log("Building the pages' scripts and styles …");
await build({ logLevel: "warn" });
await build({ mode: "widget", logLevel: "warn" });
await build({ mode: "widget-call", logLevel: "warn" });
