import { html, render, type SVGTemplateResult, type TemplateResult } from "lit";
import type { Scope } from "./scope";
import { t } from "./text";

/** The sheet of paper with the phrase: words, address, code, and what they are for. */
function card(words: readonly string[], code: SVGTemplateResult): TemplateResult {
  return html`
    <h1>${t("My voice in Choir")}</h1>
    <p>
      ${t("These twelve words lead back to the clips I lent, to follow them or to take them back. Nobody else has them, and nobody can find them out again: keep this sheet as you would a key.")}
    </p>
    <ol class="phrase-list" translate="no">
      ${words.map((word) => html`<li>${word}</li>`)}
    </ol>
    <div class="print-code">
      ${code}
      <p>
        ${t("Scan the code, or open this address and type the words:")}<br />
        <strong translate="no">${location.origin}/me/recover/</strong>
      </p>
    </div>
  `;
}

/** Prints a sheet with `phrase` and nothing else of the page. */
export function printPhrase(scope: Scope, phrase: string, code: SVGTemplateResult): void {
  const sheet = document.createElement("section");
  sheet.className = "print-sheet";
  render(card(phrase.split(" "), code), sheet);
  document.body.append(sheet);
  const remove = scope.own(() => sheet.remove());
  // Some browsers return from print() before the dialog is closed.
  scope.listen(window, "afterprint", remove);
  window.print();
}
