import { describe, expect, it } from "vitest";
import { TakeBuffer, type Block } from "./take-buffer";

/** At 1000 Hz a frame is a millisecond, and its sample is its own number. */
const RATE_HZ = 1000;
const MARGINS = { discard_ms: 500, pre_roll_ms: 300, post_roll_ms: 300, memory_ms: 1000 };

class Device {
  #frame = 0;

  constructor(readonly buffer: TakeBuffer) {}

  play(frames: number, options: { block?: number; gap?: boolean; channels?: number } = {}): void {
    const { block = 10, gap = false, channels = 1 } = options;
    for (let played = 0; played < frames; played += block) {
      const length = Math.min(block, frames - played);
      const samples = Int16Array.from({ length }, () => this.#frame++);
      const copies: Block["channels"] = Array.from({ length: channels }, () => samples);
      this.buffer.push({ channels: copies, gap: gap && played === 0 });
    }
  }
}

function setUp(): { buffer: TakeBuffer; device: Device } {
  const buffer = new TakeBuffer(RATE_HZ, MARGINS);
  return { buffer, device: new Device(buffer) };
}

const span = (samples: Int16Array | undefined): [number, number] => [samples![0]!, samples!.at(-1)!];

describe("TakeBuffer", () => {
  it("keeps exactly 300 ms before the start and 300 ms after the stop", async () => {
    const { buffer, device } = setUp();
    device.play(1000);
    buffer.start();
    device.play(200);
    const taken = buffer.stop();
    device.play(1000);
    const take = await taken;
    expect(take.sampling_rate_hz).toBe(RATE_HZ);
    expect(span(take.channels[0])).toEqual([700, 1499]);
    expect(take.channels[0]).toHaveLength(800);
  });

  it("reaches back as far as it is told, and ends at once where silence was heard already", async () => {
    const { buffer, device } = setUp();
    device.play(3000);
    buffer.start(850);
    device.play(200);
    const take = await buffer.stop(0);
    expect(span(take.channels[0])).toEqual([2150, 3199]);
  });

  it("is exact with blocks that fit no margin", async () => {
    const { buffer, device } = setUp();
    device.play(1001, { block: 7 });
    buffer.start();
    device.play(50, { block: 7 });
    const taken = buffer.stop();
    device.play(400, { block: 128 });
    const { channels } = await taken;
    expect(span(channels[0])).toEqual([701, 1350]);
    // No sample twice and none missing.
    channels[0]!.forEach((sample, i) => expect(sample).toBe(701 + i));
  });

  it("throws the first 500 ms away, from the middle of a block on", async () => {
    const { buffer, device } = setUp();
    device.play(490, { block: 70 });
    expect(buffer.settled).toBe(false);
    device.play(70, { block: 70 });
    expect(buffer.settled).toBe(true);
    buffer.start();
    const taken = buffer.stop();
    device.play(400);
    expect(span((await taken).channels[0])).toEqual([500, 859]);
  });

  it("serves many takes from one device, and forgets a cancelled one", async () => {
    const { buffer, device } = setUp();
    device.play(1000);
    buffer.start();
    device.play(5000);
    buffer.cancel();
    buffer.start();
    device.play(100);
    const taken = buffer.stop();
    device.play(300);
    expect(span((await taken).channels[0])).toEqual([5700, 6399]);
  });

  it("counts the gaps inside a take only", async () => {
    const { buffer, device } = setUp();
    device.play(2000, { gap: true });
    buffer.start();
    device.play(50, { gap: true });
    device.play(50, { gap: true });
    const taken = buffer.stop();
    device.play(300);
    expect((await taken).gaps).toBe(2);
  });

  it("keeps the channels that all blocks have", async () => {
    const { buffer, device } = setUp();
    device.play(1000, { channels: 2 });
    buffer.start();
    device.play(100, { channels: 1 });
    const taken = buffer.stop();
    device.play(300, { channels: 2 });
    const { channels } = await taken;
    expect(channels).toHaveLength(1);
    expect(channels[0]).toHaveLength(700);
  });

  it("delivers what there is when the device goes away during the post-roll", async () => {
    const { buffer, device } = setUp();
    device.play(1000);
    buffer.start();
    device.play(100);
    const taken = buffer.stop();
    device.play(50);
    buffer.flush();
    expect(span((await taken).channels[0])).toEqual([700, 1149]);
  });
});
