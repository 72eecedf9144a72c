import { LitElement } from "lit";
import { Scope } from "./scope";

/**
 * The base of all of Choir's elements: it renders into the page itself, so that pages and
 * elements share one style sheet and one set of ids, and it owns a scope while it is connected.
 */
export class ChoirElement extends LitElement {
  protected scope = new Scope();

  protected override createRenderRoot(): HTMLElement {
    // What the template put inside was for the time before the script came.
    this.replaceChildren();
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.scope = new Scope();
    this.connected();
  }

  override disconnectedCallback(): void {
    this.scope.dispose();
    super.disconnectedCallback();
  }

  /** Called each time the element enters a page: the place to start what the scope owns. */
  protected connected(): void {}

  /** Moves the focus to the first element that matches `selector`, after the next rendering. */
  protected async focusOn(selector: string): Promise<void> {
    await this.updateComplete;
    this.querySelector<HTMLElement>(selector)?.focus();
  }
}
