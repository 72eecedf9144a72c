import { html, nothing, type SVGTemplateResult, type TemplateResult } from "lit";
import { t } from "./text";

/** A button of the recorder: `name` is stable for tests, `key` is what a keyboard presses. */
export interface Action {
  name: string;
  label: string;
  key?: string;
  icon?: SVGTemplateResult;
  look?: "primary" | "record" | "quiet";
  disabled?: boolean;
  run: () => void;
}

export function actionButton(action: Action): TemplateResult {
  return html`
    <button
      type="button"
      class="button"
      data-look=${action.look ?? nothing}
      data-action=${action.name}
      ?disabled=${action.disabled ?? false}
      @click=${action.run}
    >
      ${action.icon ?? nothing}<span>${action.label}</span>
      ${action.key ? html`<kbd>${keyLabel(action.key)}</kbd>` : nothing}
    </button>
  `;
}

/** What stands on a key: of those that we use, only the space bar's name differs by language. */
function keyLabel(key: string): string {
  return key === "Space" ? t("Space") : key;
}

/** The shortcuts of `actions`, as `listenForKeys` wants them. */
export function keysOf(actions: readonly Action[]): Record<string, () => void> {
  const named: Readonly<Record<string, string>> = { space: " " };
  return Object.fromEntries(
    actions.flatMap(({ key, run }) => {
      const lower = key?.toLowerCase();
      return lower ? [[named[lower] ?? lower, run]] : [];
    }),
  );
}
