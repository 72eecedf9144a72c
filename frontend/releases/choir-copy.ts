import { t } from "../lib/text";

const SAID_FOR_MS = 2000;

/** `<choir-copy><pre>…</pre></choir-copy>`: adds a button that copies what stands in it. */
export class ChoirCopy extends HTMLElement {
  connectedCallback(): void {
    // Without a secure connection there is no clipboard, and so no button.
    if (!("clipboard" in navigator) || this.querySelector("button")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.dataset.look = "small";
    button.textContent = t("Copy");
    button.addEventListener("click", () => void this.#copy(button));
    this.append(button);
  }

  async #copy(button: HTMLButtonElement): Promise<void> {
    const text = this.querySelector("code")?.textContent ?? "";
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = t("Copied");
    } catch {
      button.textContent = t("Not allowed: select it instead");
    }
    setTimeout(() => {
      button.textContent = t("Copy");
    }, SAID_FOR_MS);
  }
}

customElements.define("choir-copy", ChoirCopy);
