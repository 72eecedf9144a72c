import type { Scope } from "../lib/scope";
import { t } from "../lib/text";

/** What pages ask of the service worker; it has the other end of this in service-worker/. */
type Message =
  | { type: "keep-pages"; paths: string[]; language: string }
  | { type: "use-new-version" };

/**
 * Installs the service worker and has it keep the offline page, and this page if takes are made
 * here. In `place` a new version is offered, and waits for as long as the person likes: it must
 * not reload the page under somebody who is speaking.
 */
export async function startWorker(scope: Scope, place: HTMLElement): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const container = navigator.serviceWorker;
  const registration = await register();
  if (!registration) return;
  const offer = (): void => {
    const worker = registration.waiting;
    if (worker && container.controller) place.replaceChildren(updateButton(scope, worker));
  };
  offer();
  scope.listen(registration, "updatefound", () => {
    const worker = registration.installing;
    if (worker) scope.listen(worker, "statechange", offer);
  });
  await keepPages();
}

async function register(): Promise<ServiceWorkerRegistration | null> {
  try {
    return await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
  } catch (error) {
    // Private windows and strict settings refuse it; then Choir simply needs a connection.
    console.info("No service worker here, so nothing opens offline:", error);
    return null;
  }
}

async function keepPages(): Promise<void> {
  const { active } = await navigator.serviceWorker.ready;
  const recorder = document.querySelector("choir-recorder") ? [location.pathname] : [];
  tell(active, { type: "keep-pages", paths: recorder, language: document.documentElement.lang });
}

function updateButton(scope: Scope, worker: ServiceWorker): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "badge";
  made.textContent = t("New version: reload");
  made.onclick = () => {
    // Here only: in another tab somebody may be speaking.
    scope.listen(navigator.serviceWorker, "controllerchange", () => location.reload());
    tell(worker, { type: "use-new-version" });
  };
  return made;
}

function tell(worker: ServiceWorker | null, message: Message): void {
  worker?.postMessage(message);
}
