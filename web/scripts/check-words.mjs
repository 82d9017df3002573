// The catalogues say the same things: the same keys, the same placeholders, and no key that nobody uses.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const WORDS = "src/words";
const LANGUAGES = ["en", "de"];
const PLACEHOLDER = /\{\s*(\w+)\s*[,}]|<(\w+)>/g;
const faults = [];

function flatten(value, path, found) {
  if (typeof value === "string") found.set(path, value);
  else for (const [key, inner] of Object.entries(value)) flatten(inner, path ? `${path}.${key}` : key, found);
  return found;
}

function read(language) {
  const found = new Map();
  for (const file of readdirSync(join(WORDS, language)).filter((name) => name.endsWith(".json"))) {
    flatten(JSON.parse(readFileSync(join(WORDS, language, file), "utf8")), file.replace(".json", ""), found);
  }
  return found;
}

// Inside plural branches the words differ; the names of what is filled in may not.
const placeholders = (text) => [...new Set([...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? match[2]))].sort().join();

const [first, ...others] = LANGUAGES.map((language) => ({ language, words: read(language) }));
for (const { language, words } of others) {
  for (const [key, text] of first.words) {
    if (!words.has(key)) faults.push(`${language} lacks ${key}`);
    else if (placeholders(text) !== placeholders(words.get(key))) faults.push(`${key} fills in other things in ${language}`);
  }
  for (const key of words.keys()) if (!first.words.has(key)) faults.push(`${first.language} lacks ${key}`);
}

const source = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => readFileSync(join("src", name), "utf8"))
  .join("\n");
const namespaces = [...source.matchAll(/useTranslations\("([\w.]+)"\)/g)].map((match) => match[1]);
const literals = [...source.matchAll(/"([\w.]+)"/g)].map((match) => match[1]);
// `states.${state}`: whatever stands after the part that is written.
const prefixes = [...source.matchAll(/`([\w.]+\.)\$\{/g)].map((match) => match[1]);
const used = new Set();
for (const namespace of new Set(namespaces)) {
  for (const literal of literals) used.add(`${namespace}.${literal}`);
}
const dynamic = namespaces.flatMap((namespace) => prefixes.map((prefix) => `${namespace}.${prefix}`));
for (const key of first.words.keys()) {
  if (!used.has(key) && !dynamic.some((prefix) => key.startsWith(prefix))) faults.push(`${key} is used nowhere`);
}

for (const fault of faults) console.error(fault);
process.exit(faults.length ? 1 : 0);
