import { Scope } from "../lib/scope";
import { t } from "../lib/text";

const SAID_FOR_MS = 2000;

/** `<choir-copy><pre>…</pre></choir-copy>`: adds a button that copies what stands in it. */
export class ChoirCopy extends HTMLElement {
  #scope = new Scope();

  connectedCallback(): void {
    // Without a secure connection there is no clipboard, and so no button.
    if (!("clipboard" in navigator)) return;
    this.#scope = new Scope();
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.dataset.look = "small";
    button.textContent = t("Copy");
    this.#scope.listen(button, "click", () => void this.#copy(button));
    this.#scope.own(() => button.remove());
    this.append(button);
  }

  disconnectedCallback(): void {
    this.#scope.dispose();
  }

  async #copy(button: HTMLButtonElement): Promise<void> {
    const text = this.querySelector("code")?.textContent ?? "";
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = t("Copied");
    } catch {
      button.textContent = t("Not allowed: select it instead");
    }
    this.#scope.timeout(SAID_FOR_MS, () => {
      button.textContent = t("Copy");
    });
  }
}

customElements.define("choir-copy", ChoirCopy);
