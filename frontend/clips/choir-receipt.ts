import { Poller } from "../lib/poller";
import { Scope } from "../lib/scope";

/**
 * `<choir-receipt>`: the server's own words, renewed while there is still something to erase. It
 * shows what the page shows, so it has no texts of its own, and without it the page is complete.
 */
export class ChoirReceipt extends HTMLElement {
  #scope = new Scope();

  connectedCallback(): void {
    this.#scope = new Scope();
    const unsettled = (): boolean => this.querySelector("[data-unsettled]") !== null;
    new Poller(this.#scope, () => this.#renew(), unsettled).wake();
    const print = document.querySelector<HTMLButtonElement>("[data-print]");
    if (print) {
      print.hidden = false;
      this.#scope.listen(print, "click", () => window.print());
    }
  }

  disconnectedCallback(): void {
    this.#scope.dispose();
  }

  async #renew(): Promise<boolean> {
    const before = this.textContent;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) return false;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("choir-receipt");
      if (fresh && fresh.textContent !== before) this.replaceChildren(...fresh.children);
    } catch (error) {
      // Without a connection it is only late; the poller asks again, more slowly.
      console.warn("The receipt could not be renewed:", error);
    }
    return this.textContent !== before;
  }
}

customElements.define("choir-receipt", ChoirReceipt);
