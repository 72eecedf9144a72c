import { Scope } from "../lib/scope";
import { sharedUploader } from "../upload/shared";
import { showStatus } from "./status";
import { startWorker } from "./worker";

/** The page's own questions to the server go first: what the worker keeps weighs more than a page. */
const WORKER_AFTER_MS = 2_000;

/** What every page does once it is there: send what waits, say so, and be ready for no signal. */
export async function afterLoad(): Promise<void> {
  const scope = new Scope();
  const status = document.getElementById("status");
  const update = document.getElementById("update");
  if (status && "indexedDB" in window) showStatus(scope, status, await sharedUploader());
  if (update) scope.timeout(WORKER_AFTER_MS, () => void startWorker(scope, update));
}
