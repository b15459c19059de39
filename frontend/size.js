// Weighs what a page downloads, gzipped, and fails above the house's limits.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const built = new URL("../src/homeshore/web/static/built/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("manifest.json", built), "utf8"));
const limits = { "desk js": 120_000, "floor js": 120_000, "all css": 60_000, widget: 40_000, "widget call": 30_000 };

function gzipped(file) {
  return gzipSync(readFileSync(new URL(file, built))).length;
}

function scripts(key, seen = new Set()) {
  const chunk = manifest[key];
  if (!chunk || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  (chunk.imports ?? []).forEach((next) => scripts(next, seen));
  return seen;
}

const sizes = {};
for (const [key, chunk] of Object.entries(manifest)) {
  if (chunk.isEntry) sizes[`${chunk.name} js`] = [...scripts(key)].reduce((sum, file) => sum + gzipped(file), 0);
}
const sheets = new Set(Object.values(manifest).flatMap((chunk) => [...(chunk.css ?? []), ...(chunk.file.endsWith(".css") ? [chunk.file] : [])]));
sizes["all css"] = [...sheets].reduce((sum, file) => sum + gzipped(file), 0);
sizes.widget = gzipped("widget.js");
sizes["widget call"] = gzipped("widget-call.js");

const over = Object.keys(sizes).filter((name) => sizes[name] > (limits[name] ?? Infinity));
console.log(JSON.stringify(sizes));
if (over.length) {
  console.error(`Over the limit: ${over.map((name) => `${name} ${sizes[name]} > ${limits[name]} bytes gzipped`).join(", ")}`);
  process.exit(1);
}
