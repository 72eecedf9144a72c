/** Doubles that imitate how Safari records, for tests: no real one runs on the machines of ours. */

import { vi } from "vitest";

type Handler = (() => void) | null;

export class FakeTrack {
  onended: Handler = null;
  onmute: Handler = null;
  stopped = false;

  constructor(private readonly settings: MediaTrackSettings) {}

  getSettings(): MediaTrackSettings {
    return this.settings;
  }

  stop(): void {
    this.stopped = true;
  }
}

export class FakeStream {
  constructor(readonly track: FakeTrack) {}

  getAudioTracks(): FakeTrack[] {
    return [this.track];
  }

  getTracks(): FakeTrack[] {
    return [this.track];
  }
}

/** Whether the page is inside the handler of a tap. Safari starts a context then, or never. */
export const tap = { now: false };

/** As Safari's: made suspended, started in a tap only, and "interrupted" by a call. */
export class FakeAudioContext {
  static made: FakeAudioContext[] = [];
  static hardware_hz = 48_000;
  readonly sampleRate: number;
  readonly destination = {};
  readonly audioWorklet = { addModule: () => Promise.resolve() };
  state: "suspended" | "running" | "interrupted" | "closed" = "suspended";
  onstatechange: Handler = null;

  constructor(options: { sampleRate?: number } = {}) {
    this.sampleRate = options.sampleRate ?? FakeAudioContext.hardware_hz;
    FakeAudioContext.made.push(this);
  }

  resume(): Promise<void> {
    if (this.state === "running") return Promise.resolve();
    // Outside of a tap Safari's promise stays open for good.
    if (!tap.now) return new Promise(() => {});
    this.state = "running";
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.state = "closed";
    return Promise.resolve();
  }

  interrupt(): void {
    this.state = "interrupted";
    this.onstatechange?.();
  }

  createMediaStreamSource(): { connect: () => void } {
    return { connect: () => {} };
  }

  createAnalyser(): object {
    const getFloatTimeDomainData = (window: Float32Array): void => void window.fill(0.25);
    return { fftSize: 0, getFloatTimeDomainData };
  }
}

/** The node of our own worklet: a test speaks into it. */
export class FakeWorkletNode {
  static last: FakeWorkletNode | null = null;
  readonly port: { onmessage: ((event: { data: unknown }) => void) | null } = { onmessage: null };
  #frame = 0;

  constructor() {
    FakeWorkletNode.last = this;
  }

  connect(): void {}

  /** `duration_s` of a constant `amplitude`, in blocks of 480 frames. */
  speak(amplitude: number, duration_s: number): void {
    for (let i = 0; i < duration_s * 100; i++) {
      const channels = [new Float32Array(480).map((_, n) => (n % 2 ? amplitude : -amplitude))];
      this.port.onmessage?.({ data: { frame: this.#frame, channels } });
      this.#frame += 480;
    }
  }
}

/** As Safari's: AAC in MP4 and nothing else, and the data only when it stops. */
export class FakeMediaRecorder {
  static isTypeSupported(type: string): boolean {
    return type === "audio/mp4";
  }

  state: "inactive" | "recording" = "inactive";
  readonly mimeType: string;
  ondataavailable: ((event: { data: Blob }) => void) | null = null;
  onstop: Handler = null;

  constructor(_: unknown, options: { mimeType?: string }) {
    this.mimeType = `${options.mimeType ?? "audio/mp4"};codecs=mp4a.40.2`;
  }

  start(): void {
    this.state = "recording";
  }

  stop(): void {
    this.state = "inactive";
    this.ondataavailable?.({ data: new Blob(["aac"]) });
    this.onstop?.();
  }
}

/** Makes this page one in Safari, as new as it has an AudioWorklet or older. */
export function becomeSafari(options: { worklet: boolean; settings?: MediaTrackSettings }): FakeTrack {
  const track = new FakeTrack(options.settings ?? { sampleRate: 48_000, echoCancellation: false });
  FakeAudioContext.made = [];
  FakeWorkletNode.last = null;
  vi.stubGlobal("AudioContext", FakeAudioContext);
  vi.stubGlobal("MediaRecorder", FakeMediaRecorder);
  if (options.worklet) vi.stubGlobal("AudioWorkletNode", FakeWorkletNode);
  const getUserMedia = (): Promise<FakeStream> => Promise.resolve(new FakeStream(track));
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia } });
  return track;
}

/** What happens inside the handler of a tap. */
export function inTap<T>(work: () => T): T {
  tap.now = true;
  try {
    return work();
  } finally {
    tap.now = false;
  }
}
