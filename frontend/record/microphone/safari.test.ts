import { afterEach, describe, expect, it, vi } from "vitest";
import { judge } from "../pcm/judgement";
import { FakeAudioContext, FakeWorkletNode, becomeSafari, inTap } from "./doubles";
import { gesture } from "./gesture";
import type { Microphone, Reading } from "./microphone";
import { openMicrophone } from "./open";

vi.mock("./capture.worklet.ts?worker&url", () => ({ default: "capture.worklet.js" }));

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Opens the microphone by a tap, and speaks until the first half second is over. */
async function openByTap(amplitude = 0.01): Promise<Microphone> {
  const opening = openMicrophone(inTap(gesture));
  await vi.waitFor(() => expect(FakeWorkletNode.last?.port.onmessage).toBeTypeOf("function"));
  FakeWorkletNode.last!.speak(amplitude, 0.6);
  return opening;
}

describe("Safari with an AudioWorklet", () => {
  it("records by the context that the tap itself started", async () => {
    becomeSafari({ worklet: true });
    const microphone = await openByTap();
    expect(FakeAudioContext.made).toHaveLength(1);
    expect(FakeAudioContext.made[0]!.state).toBe("running");
    microphone.start();
    FakeWorkletNode.last!.speak(0.3, 0.5);
    const stopped = microphone.stop();
    FakeWorkletNode.last!.speak(0.01, 0.5);
    const take = await stopped;
    expect(take.form === "pcm" && take.pcm.channels[0]!.length).toBe(48 * 900);
    expect(take).toMatchObject({ facts: { path: "audio-worklet", lossy: false } });
  });

  it("takes the tap's context also for a headset with a rate of its own", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    becomeSafari({ worklet: true, settings: { sampleRate: 24_000 } });
    const opening = openMicrophone(inTap(gesture));
    await vi.advanceTimersByTimeAsync(3_000);
    await vi.waitFor(() => expect(FakeWorkletNode.last?.port.onmessage).toBeTypeOf("function"));
    FakeWorkletNode.last!.speak(0.01, 0.6);
    await opening;
    expect(FakeAudioContext.made.map(({ state }) => state)).toEqual(["running", "closed"]);
  });

  it.each<[string, (track: ReturnType<typeof becomeSafari>) => void, string]>([
    ["a call interrupts the context", () => FakeAudioContext.made[0]!.interrupt(), "interrupted"],
    ["another app mutes the track", (track) => track.onmute!(), "interrupted"],
    ["the headset is unplugged", (track) => track.onended!(), "lost"],
  ])("says so when %s, and lets go of the device", async (_, happen, loss) => {
    const track = becomeSafari({ worklet: true });
    const microphone = await openByTap();
    const lost: string[] = [];
    microphone.onlost = (why) => lost.push(why);
    happen(track);
    expect(lost).toEqual([loss]);
    microphone.close();
    expect(track.stopped).toBe(true);
    expect(FakeAudioContext.made[0]!.state).toBe("closed");
  });

  it("back from the background gives zeros, which are caught in the take", async () => {
    becomeSafari({ worklet: true });
    const microphone = await openByTap(0);
    microphone.start();
    FakeWorkletNode.last!.speak(0, 0.5);
    const stopped = microphone.stop();
    FakeWorkletNode.last!.speak(0, 0.5);
    const take = await stopped;
    expect(take.form === "pcm" && judge(take.pcm, -60).trouble).toBe("silent");
  });
});

describe("an old Safari without an AudioWorklet", () => {
  it("records AAC in MP4, by hand, and says so", async () => {
    becomeSafari({ worklet: false });
    const microphone = await openMicrophone(inTap(gesture));
    expect(microphone.gives_samples).toBe(false);
    microphone.start();
    const take = await microphone.stop(0);
    expect(take).toMatchObject({
      form: "encoded",
      content_type: "audio/mp4",
      capture: { path: "media-recorder", lossy: true, encoder: "browser" },
    });
    expect(take.form === "encoded" && new TextDecoder().decode(take.bytes)).toBe("aac");
  });

  it("still has a meter", async () => {
    becomeSafari({ worklet: false });
    const microphone = await openMicrophone(inTap(gesture));
    const readings: Reading[] = [];
    microphone.onlevel = (reading) => readings.push(reading);
    await vi.waitFor(() => expect(readings.length).toBeGreaterThan(0));
    expect(readings[0]!.peak_dbfs).toBeCloseTo(-12, 0);
    microphone.close();
  });

  it("is told when a call takes the microphone", async () => {
    const track = becomeSafari({ worklet: false });
    const microphone = await openMicrophone(inTap(gesture));
    const lost: string[] = [];
    microphone.onlost = (why) => lost.push(why);
    track.onmute!();
    expect(lost).toEqual(["interrupted"]);
  });
});

describe("a browser inside another app", () => {
  it("that hides the microphone is told apart from one that refuses", async () => {
    vi.stubGlobal("navigator", {});
    await expect(openMicrophone({ context: null })).rejects.toMatchObject({ fault: "unsupported" });
    const refuse = (): Promise<never> =>
      Promise.reject(Object.assign(new Error(), { name: "NotAllowedError" }));
    vi.stubGlobal("navigator", { mediaDevices: { getUserMedia: refuse } });
    await expect(openMicrophone({ context: null })).rejects.toMatchObject({ fault: "refused" });
  });
});
