/** Plain arithmetic on samples. A take is planar: one array a channel, all of one length. */

/**
 * Floats in [-1, 1) as 16-bit integers. Browsers hand out 16-bit devices as x / 32768, so
 * that multiplying by 32768 gives back the very integers that the device gave.
 */
export function toInt16(samples: Float32Array): Int16Array<ArrayBuffer> {
  const integers = new Int16Array(samples.length);
  for (let i = 0; i < samples.length; i++) {
    const scaled = Math.round(samples[i]! * 32_768);
    integers[i] = Math.max(-32_768, Math.min(32_767, scaled));
  }
  return integers;
}

function equal(a: Int16Array, b: Int16Array): boolean {
  return a.length === b.length && a.every((sample, i) => sample === b[i]);
}

/** One channel where all channels are alike, so that nothing is stored twice; else all. */
export function withoutCopies<T extends Int16Array>(channels: readonly T[]): T[] {
  const first = channels[0];
  if (first && channels.every((channel) => equal(channel, first))) return [first];
  return [...channels];
}

/** Arrays end to end in one. */
export function concatenate(parts: readonly Int16Array[]): Int16Array<ArrayBuffer> {
  const whole = new Int16Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Planar channels as frames: left, right, left, right. */
export function interleave(channels: readonly Int16Array[]): Int16Array<ArrayBuffer> {
  const frames = channels[0]?.length ?? 0;
  const interleaved = new Int16Array(frames * channels.length);
  channels.forEach((channel, c) => {
    for (let i = 0; i < frames; i++) interleaved[i * channels.length + c] = channel[i]!;
  });
  return interleaved;
}

/**
 * The shape of a recording for drawing: the largest magnitude (0 to 1) in each of `count`
 * equal stretches of `samples`.
 */
export function peaks(samples: Int16Array, count: number): Float32Array {
  const shape = new Float32Array(count);
  for (let i = 0; i < samples.length; i++) {
    const stretch = Math.floor((i * count) / samples.length);
    shape[stretch] = Math.max(shape[stretch]!, Math.abs(samples[i]!) / 32_768);
  }
  return shape;
}
