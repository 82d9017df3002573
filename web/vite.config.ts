import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const OUT = "../src/vendue/web";
const TEXT = /\.(js|css|html|svg|json)$/;

// The server sends what lies ready, and never compresses while it runs.
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    closeBundle() {
      for (const name of readdirSync(OUT, { recursive: true, encoding: "utf8" }).filter((each) => TEXT.test(each))) {
        const path = join(OUT, name);
        const content = readFileSync(path);
        writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
        writeFileSync(`${path}.br`, brotliCompressSync(content));
      }
    },
  };
}

type Modules = { getModuleInfo(id: string): { importedIds: readonly string[] } | null };

// What the app needs first is two files, not fifty small ones: what the panel may need too, and what is its own.
function firstOf(own: boolean): (id: string, modules: Modules) => string | null {
  const entry = join(import.meta.dirname, "src/sale/main.tsx");
  const first = new Set<string>();
  const add = (id: string, modules: Modules) => {
    if (first.has(id)) return;
    first.add(id);
    for (const each of modules.getModuleInfo(id)?.importedIds ?? []) add(each, modules);
  };
  return (id, modules) => {
    add(entry, modules);
    if (!first.has(id) || id === entry || /\/src\/(sale|parts|look)\//.test(id) !== own) return null;
    return own ? "app" : "shared";
  };
}

export default defineConfig({
  plugins: [react(), compressed()],
  build: {
    outDir: OUT,
    emptyOutDir: true,
    manifest: true, // scripts/check-size.mjs reads it
    assetsInlineLimit: 0, // a data: address is not of this origin
    rolldownOptions: {
      input: ["index.html", "admin.html"],
      output: { codeSplitting: { groups: [{ name: firstOf(false) }, { name: firstOf(true) }] } },
    },
  },
  server: {
    proxy: {
      "^/(api|\\.well-known|uploads|health|metrics|docs|openapi)": { target: "http://localhost:1337", ws: true },
    },
  },
});
