import { Scope } from "../lib/scope";
import { sharedUploader } from "../upload/shared";
import { showStatus } from "./status";
import { startWorker } from "./worker";

/** What every page does once it is there: send what waits, say so, and be ready for no signal. */
export async function afterLoad(): Promise<void> {
  const scope = new Scope();
  const status = document.getElementById("status");
  const update = document.getElementById("update");
  if (status && "indexedDB" in window) showStatus(scope, status, await sharedUploader());
  if (update) await startWorker(scope, update);
}
