import { Scope } from "./scope";
import { t } from "./text";

/**
 * `<choir-copy><pre><code>…</code></pre></choir-copy>`: adds a button that copies what stands in
 * it. Where that is refused, or there is no clipboard, it is selected for copying by hand.
 */
export class ChoirCopy extends HTMLElement {
  #scope = new Scope();

  connectedCallback(): void {
    this.#scope = new Scope();
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.dataset.look = "small";
    button.dataset.action = "copy";
    button.textContent = t("Copy");
    const said = document.createElement("span");
    said.className = "muted small";
    said.setAttribute("role", "status");
    const actions = document.createElement("div");
    actions.className = "actions";
    actions.append(button, said);
    this.#scope.listen(button, "click", () => void this.#copy(said));
    this.#scope.own(() => actions.remove());
    this.append(actions);
  }

  disconnectedCallback(): void {
    this.#scope.dispose();
  }

  async #copy(said: HTMLElement): Promise<void> {
    const shown = this.querySelector("code");
    try {
      await navigator.clipboard.writeText(shown?.textContent ?? "");
      said.textContent = t("Copied.");
    } catch {
      if (shown) getSelection()?.selectAllChildren(shown);
      said.textContent = t("It is selected: copy it by hand.");
    }
  }
}

customElements.define("choir-copy", ChoirCopy);
