import { request } from "../api/http";
import { Poller } from "../lib/poller";
import { Scope } from "../lib/scope";

/**
 * `<choir-counting release="id">…</choir-counting>`: stands where a large release's figures are
 * still being counted, asks until they are there, and then puts them in their place.
 */
export class ChoirCounting extends HTMLElement {
  #scope = new Scope();
  #isCounting = true;

  connectedCallback(): void {
    this.#scope = new Scope();
    new Poller(this.#scope, () => this.#ask(), () => this.#isCounting).wake();
  }

  disconnectedCallback(): void {
    this.#scope.dispose();
  }

  async #ask(): Promise<boolean> {
    try {
      const path = `releases/${this.getAttribute("release") ?? ""}/figures`;
      const { is_counting } = await request<{ is_counting: boolean }>("GET", path);
      if (!is_counting) await this.#show();
      this.#isCounting = is_counting;
      return true;
    } catch {
      return false; // no answer now: it is asked again, more slowly
    }
  }

  /** The parts of the page that are counted, as the server writes them now. */
  async #show(): Promise<void> {
    const answer = await fetch(location.href);
    if (!answer.ok) throw new Error(answer.statusText);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-counted]")) {
      const name = part.getAttribute("data-counted") ?? "";
      const counted = fresh.querySelector(`[data-counted="${name}"]`);
      if (counted) part.replaceWith(counted);
    }
  }
}

customElements.define("choir-counting", ChoirCounting);
