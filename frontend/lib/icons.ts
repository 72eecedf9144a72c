import { svg, type SVGTemplateResult } from "lit";

/** An icon is decoration beside a text: 24 units square, drawn in the text's own colour. */
function icon(shape: SVGTemplateResult): SVGTemplateResult {
  return svg`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${shape}</svg>`;
}

export const icons = {
  microphone: icon(svg`<rect x="9" y="3" width="6" height="11" rx="3" />
    <path d="M5 11a7 7 0 0 0 14 0M12 18v3" class="stroke" />`),
  stop: icon(svg`<rect x="6" y="6" width="12" height="12" rx="2" />`),
  play: icon(svg`<path d="M8 5.5v13l11-6.5z" />`),
  pause: icon(svg`<path d="M7 5h4v14H7zM13 5h4v14h-4z" />`),
  check: icon(svg`<path d="M5 12.5l4.5 4.5L19 7.5" class="stroke" />`),
  cross: icon(svg`<path d="M6 6l12 12M18 6L6 18" class="stroke" />`),
  again: icon(svg`<path d="M18.5 8A7.5 7.5 0 1 0 19.5 13M19 3.5V8.5H14" class="stroke" />`),
  loop: icon(svg`<path d="M7 7h10a3.5 3.5 0 0 1 3.5 3.5v.5M17 17H7a3.5 3.5 0 0 1-3.5-3.5V13M10 3.5L6.5 7 10 10.5M14 13.5l3.5 3.5-3.5 3.5" class="stroke" />`),
  book: icon(svg`<path d="M5 4.5h10.5A2.5 2.5 0 0 1 18 7v12.5H7.5A2.5 2.5 0 0 1 5 17zM5 17a2.5 2.5 0 0 1 2.5-2.5H18M9 8.5h5" class="stroke" />`),
  cards: icon(svg`<rect x="4" y="7" width="12" height="13" rx="2" class="stroke" /><path d="M8 4h10a2 2 0 0 1 2 2v11" class="stroke" />`),
  pencil: icon(svg`<path d="M5 19l1-4L16 5l3 3L9 18zM14 7l3 3" class="stroke" />`),
  skip: icon(svg`<path d="M6 5.5v13l9-6.5z" /><path d="M18 6v12" class="stroke" />`),
  unsure: icon(svg`<path d="M8.5 9a3.5 3.5 0 1 1 5 3.2c-1 .5-1.5 1.2-1.5 2.3M12 18.2v.1" class="stroke" />`),
  undo: icon(svg`<path d="M9 5L4.5 9.5 9 14M5 9.5h9a5.5 5.5 0 0 1 0 11h-3" class="stroke" />`),
  flag: icon(svg`<path d="M6 21V4h11l-2 4 2 4H6" class="stroke" />`),
  ear: icon(svg`<path d="M4 10v4M8 7v10M12 4v16M16 7v10M20 10v4" class="stroke" />`),
  warning: icon(svg`<path d="M12 4L2.8 20h18.4zM12 10v4.5M12 17.2v.1" class="stroke" />`),
  waiting: icon(svg`<circle cx="12" cy="12" r="8" class="stroke" />
    <path d="M12 7.5V12l3 2" class="stroke" />`),
  save: icon(svg`<path d="M12 4v11M7.5 10.5L12 15l4.5-4.5M5 19.5h14" class="stroke" />`),
  bin: icon(svg`<path d="M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7" class="stroke" />`),
} as const;
