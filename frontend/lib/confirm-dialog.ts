import { html, type TemplateResult } from "lit";
import { ChoirElement } from "./element";

/** What a confirmation says: a title, what follows from it, and its two answers. */
export interface Question {
  title: string;
  points: readonly string[];
  yes: string;
  no: string;
}

/** The base of dialogs that ask for a clear yes before something is gone. Fires `confirmed`. */
export abstract class ConfirmDialog extends ChoirElement {
  protected abstract question(): Question;

  protected async open(): Promise<void> {
    this.requestUpdate();
    await this.updateComplete;
    this.querySelector("dialog")?.showModal();
  }

  protected override render(): TemplateResult {
    const { title, points, yes, no } = this.question();
    const id = `${this.localName}-title`;
    return html`
      <dialog aria-labelledby=${id}>
        <h2 id=${id}>${title}</h2>
        <ul>
          ${points.map((point) => html`<li>${point}</li>`)}
        </ul>
        <form method="dialog" class="actions">
          <button
            class="button"
            data-look="danger"
            data-action="confirm"
            @click=${() => this.dispatchEvent(new Event("confirmed"))}
          >
            ${yes}
          </button>
          <button class="button" data-action="keep" autofocus>${no}</button>
        </form>
      </dialog>
    `;
  }
}
