import { Scope } from "../lib/scope";

/** Shows the page's button that prints it, for as long as the page lives. */
for (const button of document.querySelectorAll<HTMLButtonElement>("[data-print]")) {
  button.hidden = false;
  new Scope().listen(button, "click", () => window.print());
}
