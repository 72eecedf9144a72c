import { html, type TemplateResult } from "lit";

/** A switch: its state is in words for who hears it, and in its shape for who sees it. */
export function switchButton(
  name: string,
  label: string,
  on: boolean,
  toggle: () => void,
  key?: string,
): TemplateResult {
  return html`
    <button
      type="button"
      class="switch"
      role="switch"
      aria-checked=${on}
      data-action=${name}
      @click=${toggle}
    >
      <span class="switch-track" aria-hidden="true"></span><span>${label}</span>
      ${key ? html`<kbd>${key}</kbd>` : null}
    </button>
  `;
}
