import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

/** Pages for those who work online: the desk of a reviewer, and releases. */
const ONLINE_ONLY = /^assets\/(review|releases)-/;
const WORKER = "sw.js";

/**
 * Writes into the service worker what it keeps: every file of the build but those for work that
 * is done online, and the files in `public_dir`
 * itself (not the icons below it, which the system keeps). The version is a hash of all of it, so that a
 * new build is a new service worker, and only then.
 */
export function precache(public_dir: string): Plugin {
  return {
    name: "choir-precache",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const built = Object.keys(bundle).filter(
          (name) => name.startsWith("assets/") && !ONLINE_ONLY.test(name),
        );
        const shared = filesOf(public_dir);
        const worker = bundle[WORKER];
        if (worker?.type !== "chunk") throw new Error("The service worker was not built.");
        const files = [...built, ...shared.map(({ name }) => name)].sort();
        const version = hashOf(files, shared.map(({ bytes }) => bytes), worker.code);
        worker.code = worker.code
          .replace("__ASSETS__", JSON.stringify(files.map((name) => `/static/${name}`)))
          .replace("__VERSION__", JSON.stringify(version));
      },
    },
  };
}

function filesOf(folder: string): { name: string; bytes: Buffer }[] {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ name }) => ({ name, bytes: readFileSync(join(folder, name)) }));
}

function hashOf(names: readonly string[], contents: readonly Buffer[], code: string): string {
  const hash = createHash("sha256").update(names.join("\n")).update(code);
  for (const bytes of contents) hash.update(bytes);
  return hash.digest("hex").slice(0, 12);
}
