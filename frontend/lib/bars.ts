const BAR_PX = 3;
const STEP_PX = 6;
const SHORTEST_PX = 3;

/** How many bars fit into `canvas` as it is laid out now. */
export function barCount(canvas: HTMLCanvasElement): number {
  return Math.max(1, Math.floor(canvas.clientWidth / STEP_PX));
}

/** The canvas's context, cleared, in CSS pixels, whatever the screen's density. */
function cleared(canvas: HTMLCanvasElement): CanvasRenderingContext2D | null {
  const context = canvas.getContext("2d");
  canvas.width = canvas.clientWidth * devicePixelRatio;
  canvas.height = canvas.clientHeight * devicePixelRatio;
  context?.scale(devicePixelRatio, devicePixelRatio);
  return context;
}

/**
 * Draws `heights` (0 to 1) as a row of rounded bars in the canvas's text colour; those behind
 * the share `lit` of the row are pale.
 */
export function drawBars(canvas: HTMLCanvasElement, heights: ArrayLike<number>, lit = 1): void {
  const context = cleared(canvas);
  if (!context) return;
  context.fillStyle = getComputedStyle(canvas).color;
  for (let i = 0; i < heights.length; i++) {
    const height = Math.max(SHORTEST_PX, heights[i]! * canvas.clientHeight);
    const top = (canvas.clientHeight - height) / 2;
    context.globalAlpha = i < lit * heights.length ? 1 : 0.35;
    context.beginPath();
    context.roundRect(i * STEP_PX, top, BAR_PX, height, BAR_PX / 2);
    context.fill();
  }
}

/** `shape` with `count` values: the largest of each stretch, or each one repeated. */
export function resampled(shape: Float32Array, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    const start = Math.floor((i * shape.length) / count);
    const end = Math.max(start + 1, Math.floor(((i + 1) * shape.length) / count));
    return shape.subarray(start, end).reduce((a, b) => Math.max(a, b), 0);
  });
}
