import { Poller } from "./poller";
import { Scope } from "./scope";

/**
 * `<choir-live id="…">`: the server's own words, renewed while something in them is marked as
 * `data-unsettled`. It shows what the page shows, so it has no texts of its own, and without it
 * the page is complete.
 */
export class ChoirLive extends HTMLElement {
  #scope = new Scope();

  connectedCallback(): void {
    this.#scope = new Scope();
    const unsettled = (): boolean => this.querySelector("[data-unsettled]") !== null;
    new Poller(this.#scope, () => this.#renew(), unsettled).wake();
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
      const fresh = page.getElementById(this.id);
      if (fresh && fresh.textContent !== before) this.replaceChildren(...fresh.children);
    } catch (error) {
      // Without a connection it is only late; the poller asks again, more slowly.
      console.warn("The page could not be renewed:", error);
    }
    return this.textContent !== before;
  }
}

customElements.define("choir-live", ChoirLive);
