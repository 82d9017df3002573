// The first load of the app, as it goes over the wire: its page, what that asks for at once, and one language's words.

import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

const OUT = "../src/vendue/web";
const MOST_KB = 200;

const manifest = JSON.parse(readFileSync(join(OUT, ".vite/manifest.json"), "utf8"));
rmSync(join(OUT, ".vite"), { recursive: true }); // the server sends what lies there
const files = new Set(["index.html"]);

function add(name) {
  const chunk = manifest[name];
  if (!chunk || files.has(chunk.file)) return;
  files.add(chunk.file);
  for (const style of chunk.css ?? []) files.add(style);
  for (const each of chunk.imports ?? []) add(each);
}

add("index.html");
add("src/sale/main.tsx");
add("src/words/de/index.ts");
const sizes = [...files].map((file) => [file, statSync(join(OUT, `${file}.br`)).size]);
const total = sizes.reduce((sum, [, size]) => sum + size, 0) / 1000;
for (const [file, size] of sizes) console.log(`${(size / 1000).toFixed(1).padStart(7)} kB  ${file}`);
console.log(`${total.toFixed(1).padStart(7)} kB  first load of the app, compressed; at most ${MOST_KB}`);
process.exit(total > MOST_KB ? 1 : 0);
