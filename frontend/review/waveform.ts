/** What a waveform shows; `position` and `region` are shares of the clip, from 0 to 1. */
export interface WaveformView {
  pairs: Int8Array | null;
  position: number;
  region: readonly [number, number] | null;
  /** The upper share of the canvas that the waveform has; the spectrogram has the rest. */
  height: number;
  /** As it is heard, so it is seen. */
  gain: number;
}

/** Draws in the canvas's text colour, in CSS pixels whatever the screen's density. */
export function drawWaveform(canvas: HTMLCanvasElement, view: WaveformView): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const { clientWidth: width, clientHeight: full } = canvas;
  canvas.width = width * devicePixelRatio;
  canvas.height = full * devicePixelRatio;
  context.scale(devicePixelRatio, devicePixelRatio);
  context.fillStyle = getComputedStyle(canvas).color;
  if (view.region) drawRegion(context, view.region, width, full);
  if (view.pairs) drawOutline(context, view, width, full * view.height);
  context.fillRect(Math.min(width - 2, Math.round(view.position * width)), 0, 2, full);
}

function drawRegion(
  context: CanvasRenderingContext2D,
  [start, end]: readonly [number, number],
  width: number,
  height: number,
): void {
  context.globalAlpha = 0.2;
  context.fillRect(start * width, 0, (end - start) * width, height);
  context.globalAlpha = 1;
  for (const edge of [start, end]) context.fillRect(Math.round(edge * width) - 1, 0, 2, height);
}

/** One column a pixel: from the lowest to the highest sample of its stretch; ahead it is pale. */
function drawOutline(
  context: CanvasRenderingContext2D,
  { pairs, position, gain }: WaveformView,
  width: number,
  height: number,
): void {
  const count = pairs!.length >> 1;
  const middle = height / 2;
  const scale = (gain * middle) / 128;
  for (let x = 0; x < width; x++) {
    const [low, high] = extremes(pairs!, Math.floor((x * count) / width), ((x + 1) * count) / width);
    const top = middle - Math.min(middle, high * scale);
    const bottom = middle - Math.max(-middle, low * scale);
    context.globalAlpha = x < position * width ? 1 : 0.55;
    context.fillRect(x, top, 1, Math.max(1, bottom - top));
  }
  context.globalAlpha = 1;
}

/** The lowest and the highest of the pairs from `from` to before `to`, at least one. */
function extremes(pairs: Int8Array, from: number, to: number): [number, number] {
  let [low, high] = [127, -128];
  for (let i = from; i < Math.max(to, from + 1); i++) {
    low = Math.min(low, pairs[2 * i]!);
    high = Math.max(high, pairs[2 * i + 1]!);
  }
  return [low, high];
}
