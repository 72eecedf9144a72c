import { svg, type SVGTemplateResult } from "lit";

const QUIET_ZONE = 4;

/**
 * `text` as a QR code (ISO/IEC 18004), drawn as one path: dark on light in either colour scheme,
 * as readers expect it. The code that makes it is fetched when the first one is wanted.
 */
export async function qrCode(text: string, label: string): Promise<SVGTemplateResult> {
  const { generate } = await import("lean-qr");
  const code = generate(text);
  let path = "";
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) {
      if (code.get(x, y)) path += `M${x} ${y}h1v1h-1z`;
    }
  }
  const side = code.size + 2 * QUIET_ZONE;
  const box = `${-QUIET_ZONE} ${-QUIET_ZONE} ${side} ${side}`;
  return svg`<svg class="qr" viewBox=${box} role="img" aria-label=${label} shape-rendering="crispEdges">
    <rect class="qr-light" x=${-QUIET_ZONE} y=${-QUIET_ZONE} width=${side} height=${side} />
    <path class="qr-dark" d=${path} />
  </svg>`;
}
