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

export default defineConfig({
  plugins: [react(), compressed()],
  build: {
    outDir: OUT,
    emptyOutDir: true,
    manifest: true, // scripts/check-size.mjs reads it
    assetsInlineLimit: 0, // a data: address is not of this origin
    rollupOptions: { input: ["index.html", "admin.html"] },
  },
  server: {
    proxy: {
      "^/(api|uploads|health|metrics|docs|openapi)": { target: "http://localhost:1337", ws: true },
    },
  },
});
