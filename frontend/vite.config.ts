/// <reference types="vitest/config" />
import { resolve } from "node:path";
import { defineConfig } from "vite";
import { precache } from "./precache.ts";

const here = (path: string): string => resolve(import.meta.dirname, path);
const pages = ["site", "record", "review", "curate", "clips", "releases", "speaker", "offline"];
const entries = Object.fromEntries(pages.map((page) => [page, here(`${page}/main.ts`)]));

export default defineConfig({
  root: import.meta.dirname,
  base: "/static/",
  plugins: [precache(here("public"))],
  build: {
    outDir: "dist",
    manifest: true,
    target: "es2022",
    // The Content-Security-Policy allows files from 'self' only: nothing becomes a data: address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { ...entries, styles: here("styles/choir.css"), sw: here("service-worker/worker.ts") },
      output: {
        // The service worker's address is for ever, so its name has no hash.
        entryFileNames: ({ name }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
      },
    },
  },
  worker: { format: "es" },
  test: {
    include: ["**/*.test.ts"],
    exclude: ["node_modules", "dist"],
  },
});
