import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import compile from "icu-minify/compile";
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

type Words = string | { [key: string]: Words };

// Messages are read when the app is built: the app carries no parser of them.
function parsed(): Plugin {
  const all = (words: Words): unknown =>
    typeof words === "string"
      ? compile(words)
      : Object.fromEntries(Object.entries(words).map(([key, each]) => [key, all(each)]));
  return {
    name: "parsed",
    enforce: "pre",
    transform(code, id) {
      return /\/src\/words\/.*\.json$/.test(id) ? JSON.stringify(all(JSON.parse(code))) : undefined;
    },
  };
}

type Modules = { getModuleInfo(id: string): { importedIds: readonly string[] } | null };

const FIRST = join(import.meta.dirname, "src/sale/first.ts");
const APP = join(import.meta.dirname, "src/sale/main.tsx");

function reached(from: string, modules: Modules): Set<string> {
  const found = new Set<string>();
  const add = (id: string) => {
    if (found.has(id)) return;
    found.add(id);
    for (const each of modules.getModuleInfo(id)?.importedIds ?? []) add(each);
  };
  add(from);
  return found;
}

// Small, and here before the app is.
const firstOf = (id: string, modules: Modules): string | null =>
  id !== FIRST && reached(FIRST, modules).has(id) ? "first" : null;

// What the app needs is two files, not fifty small ones: what the panel may need too, and what is its own.
function appOf(own: boolean): (id: string, modules: Modules) => string | null {
  return (id, modules) => {
    if (id === APP || !reached(APP, modules).has(id)) return null;
    return /\/src\/(sale|parts|look)\//.test(id) === own ? (own ? "app" : "shared") : null;
  };
}

// The page asks for the app at once, not when what comes before it runs. The smallest file is the last: without HTTP/2 a
// browser opens six connections, and the seventh file waits for a whole round trip.
function preloaded(): Plugin {
  return {
    name: "preloaded",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle = {}, path }) {
        const chunks = Object.values(bundle).filter((each) => each.type === "chunk");
        const app = chunks.find(({ facadeModuleId }) => facadeModuleId === APP);
        if (path !== "/index.html" || !app) return [];
        const files = [...app.imports, app.fileName];
        const styles = new Set(
          chunks
            .filter(({ fileName }) => files.includes(fileName))
            .flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]),
        );
        const links = [
          ...[...styles].map((file) => ({ rel: "stylesheet", href: `/${file}`, crossorigin: true })),
          ...files.map((file) => ({ rel: "modulepreload", href: `/${file}`, crossorigin: true })),
        ];
        const fresh = links.filter(({ href }) => !html.includes(href));
        return fresh.map((attrs) => ({ tag: "link", attrs, injectTo: "head" as const }));
      },
    },
  };
}

export default defineConfig({
  plugins: [react(), parsed(), preloaded(), compressed()],
  resolve: { alias: [{ find: /^use-intl\/format-message$/, replacement: "use-intl/format-message/format-only" }] },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    manifest: true, // scripts/check-size.mjs reads it
    modulePreload: { polyfill: false }, // a browser that does not know it loads the same later
    assetsInlineLimit: 0, // a data: address is not of this origin
    rolldownOptions: {
      input: ["index.html", "admin.html"],
      output: {
        codeSplitting: { groups: [{ name: firstOf, priority: 1 }, { name: appOf(false) }, { name: appOf(true) }] },
      },
    },
  },
  server: {
    proxy: {
      "^/(api|\\.well-known|uploads|health|metrics|docs|openapi)": { target: "http://localhost:1337", ws: true },
    },
  },
});
