import type { Scope } from "../lib/scope";
import { t } from "../lib/text";

/** Chromium's offer to install the page as an app; in no standard and in no types. */
interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

/**
 * Puts a button into `place` when the browser offers to install Choir, instead of the browser's
 * own banner: who wants it finds it, and nobody is asked.
 */
export function offerToInstall(scope: Scope, place: HTMLElement): void {
  scope.listen(window as EventTarget, "beforeinstallprompt", (event: InstallPrompt) => {
    event.preventDefault();
    place.replaceChildren(button(event));
  });
  scope.listen(window, "appinstalled", () => place.replaceChildren());
}

function button(offer: InstallPrompt): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = t("Install Choir on this device");
  // A prompt works once; the browser offers another when it was declined.
  made.onclick = () => {
    made.remove();
    void offer.prompt();
  };
  return made;
}
