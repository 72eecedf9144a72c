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

/** `lit` and `marks` are shares of the row, from 0 to 1. */
export interface BarLooks {
  /** Bars behind it are pale. */
  lit?: number;
  /** Two lines; what is not between them is pale, too. */
  marks?: readonly [number, number] | null;
}

/** Draws `heights` (0 to 1) as a row of rounded bars in the canvas's text colour. */
export function drawBars(
  canvas: HTMLCanvasElement,
  heights: ArrayLike<number>,
  { lit = 1, marks = null }: BarLooks = {},
): void {
  const context = cleared(canvas);
  if (!context) return;
  context.fillStyle = getComputedStyle(canvas).color;
  const [start, end] = marks ?? [0, 1];
  for (let i = 0; i < heights.length; i++) {
    const height = Math.max(SHORTEST_PX, heights[i]! * canvas.clientHeight);
    const top = (canvas.clientHeight - height) / 2;
    const at = (i + 0.5) / heights.length;
    context.globalAlpha = at < lit && at >= start && at <= end ? 1 : 0.35;
    context.beginPath();
    context.roundRect(i * STEP_PX, top, BAR_PX, height, BAR_PX / 2);
    context.fill();
  }
  context.globalAlpha = 1;
  const width = heights.length * STEP_PX;
  for (const mark of marks ?? []) context.fillRect(Math.round(mark * width), 0, 1, canvas.clientHeight);
}

/** `shape` with `count` values: the largest of each stretch, or each one repeated. */
export function resampled(shape: Float32Array, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    const start = Math.floor((i * shape.length) / count);
    const end = Math.max(start + 1, Math.floor(((i + 1) * shape.length) / count));
    return shape.subarray(start, end).reduce((a, b) => Math.max(a, b), 0);
  });
}
