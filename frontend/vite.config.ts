/// <reference types="vitest/config" />
import { resolve } from "node:path";
import { defineConfig } from "vite";

const pages = ["site", "record", "review", "clips", "releases", "speaker"];

export default defineConfig({
  root: import.meta.dirname,
  base: "/static/",
  build: {
    outDir: "dist",
    manifest: true,
    target: "es2022",
    // The Content-Security-Policy allows files from 'self' only: nothing becomes a data: address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: Object.fromEntries(
        pages.map((page) => [page, resolve(import.meta.dirname, page, "main.ts")]),
      ),
    },
  },
  worker: { format: "es" },
  test: {
    include: ["**/*.test.ts"],
    exclude: ["node_modules", "dist"],
  },
});
