import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ClipUpload } from "../api/client";
import { Problem } from "../api/problem";
import type { Clip } from "../api/types";
import { MAX_BYTES } from "./queue";
import { DeviceFull, MemoryStore } from "./store";
import { Uploader, type NewTake, type Surroundings } from "./uploader";

const take = (id: string, size = 4): NewTake => ({
  id,
  campaign: "demo",
  prompt: { id: "p", kind: "keyword", text: "Computer" },
  bytes: new ArrayBuffer(size),
  content_type: "audio/flac",
  content_digest: "sha-256=:x:",
  capture: {
    path: "track-processor",
    sampling_rate_hz: 48_000,
    channels: 1,
    echo_cancellation: false,
    noise_suppression: false,
    auto_gain_control: false,
    lossy: false,
    gaps: 0,
    encoder: "libflacjs",
  },
});

/** A server that fails as told, and counts what reaches it. */
class Server {
  readonly received = new Map<string, number>();
  failures: Problem[] = [];
  /** What it answers instead of the clip, as a network that is not ours would. */
  stranger: unknown = undefined;
  most = 0;
  asked = 0;
  #atOnce = 0;

  send = async (upload: ClipUpload): Promise<Clip> => {
    this.#atOnce += 1;
    this.asked += 1;
    this.most = Math.max(this.most, this.#atOnce);
    await new Promise((resolve) => setTimeout(resolve, 100));
    this.#atOnce -= 1;
    const failure = this.failures.shift();
    if (failure) throw failure;
    if (this.stranger !== undefined) return this.stranger as Clip;
    this.received.set(upload.id, (this.received.get(upload.id) ?? 0) + 1);
    return { id: upload.id, state: "received" } as Clip;
  };
}

let server: Server;
let store: MemoryStore;

const surroundings = (): Surroundings => ({
  send: server.send,
  now_ms: Date.now,
  random: () => 1,
  exclusively: (_, work) => work().then(() => true),
});

async function open(): Promise<Uploader> {
  const uploader = await Uploader.open(store, surroundings());
  uploader.start();
  return uploader;
}

beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
  store = new MemoryStore();
});
afterEach(() => vi.useRealTimers());

describe("Uploader", () => {
  it("sends every take once, three at a time, and then forgets it", async () => {
    const uploader = await open();
    const sent: string[] = [];
    uploader.onsent = (clip) => sent.push(clip.id);
    const ids = ["a", "b", "c", "d", "e", "f", "g", "h"];
    for (const id of ids) await uploader.add(take(id));
    await vi.advanceTimersByTimeAsync(1000);
    expect(sent.sort()).toEqual(ids);
    expect([...server.received.values()]).toEqual(new Array(8).fill(1));
    expect(server.most).toBe(3);
    expect(await store.all()).toEqual([]);
  });

  it("keeps a take on the device until the server has acknowledged it", async () => {
    server.failures = [Problem.unreachable(), new Problem(503, "busy", "Busy.")];
    const uploader = await open();
    await uploader.add(take("a"));
    await vi.advanceTimersByTimeAsync(150);
    expect(await store.all()).toHaveLength(1);
    expect(uploader.takes[0]?.progress).toMatchObject({ status: "waiting", attempts: 1 });
    await vi.advanceTimersByTimeAsync(1000 + 2000 + 300);
    expect(server.received.get("a")).toBe(1);
    expect(await store.all()).toEqual([]);
  });

  it("stops at a refusal, says why, and tries again only when told to", async () => {
    server.failures = [new Problem(403, "consent_missing", "No consent.")];
    const uploader = await open();
    await uploader.add(take("a"));
    await vi.advanceTimersByTimeAsync(600_000);
    expect(uploader.takes[0]?.progress).toMatchObject({ status: "failed", reason: "No consent." });
    expect(server.received.size).toBe(0);
    await uploader.retry("a");
    await vi.advanceTimersByTimeAsync(150);
    expect(server.received.get("a")).toBe(1);
  });

  it("lets the speaker discard what was refused", async () => {
    server.failures = [new Problem(404, "prompt_unknown", "No such prompt.")];
    const uploader = await open();
    await uploader.add(take("a"));
    await vi.advanceTimersByTimeAsync(150);
    await uploader.discard("a");
    expect(uploader.takes).toEqual([]);
    expect(await store.all()).toEqual([]);
  });

  it("goes on after a reload, under the same id", async () => {
    const before = await open();
    server.failures = [Problem.unreachable()];
    await before.add(take("a"));
    before.close();
    await vi.advanceTimersByTimeAsync(150);
    await open();
    await vi.advanceTimersByTimeAsync(150);
    expect([...server.received.entries()]).toEqual([["a", 1]]);
  });

  it("does not even try what the server would refuse for its size", async () => {
    const uploader = await open();
    await uploader.add(take("a", MAX_BYTES + 1));
    await vi.advanceTimersByTimeAsync(150);
    expect(uploader.takes[0]?.progress.status).toBe("failed");
    expect(server.most).toBe(0);
  });

  it("leaves a take to the tab that is sending it, and takes over when that tab is gone", async () => {
    let otherTab = true;
    const outside = {
      ...surroundings(),
      exclusively: async (_: string, work: () => Promise<void>) => {
        if (!otherTab) await work();
        return !otherTab;
      },
    };
    const uploader = await Uploader.open(store, outside);
    uploader.start();
    await uploader.add(take("a"));
    await vi.advanceTimersByTimeAsync(4000);
    expect(server.received.size).toBe(0);
    otherTab = false;
    await vi.advanceTimersByTimeAsync(2000);
    expect(server.received.get("a")).toBe(1);
    expect(uploader.takes).toEqual([]);
  });

  it("rejects a take that the device cannot keep, and does not send it", async () => {
    const uploader = await open();
    store.add = () => Promise.reject(new DeviceFull());
    await expect(uploader.add(take("a"))).rejects.toBeInstanceOf(DeviceFull);
    await vi.advanceTimersByTimeAsync(1000);
    expect(uploader.takes).toEqual([]);
    expect(server.most).toBe(0);
  });

  it.each([null, {}, { id: "b", state: "received" }, { id: "a" }])(
    "takes the answer %j for no acknowledgement",
    async (answer) => {
      server.stranger = answer;
      const uploader = await open();
      await uploader.add(take("a"));
      await vi.advanceTimersByTimeAsync(150);
      expect(await store.all()).toHaveLength(1);
      expect(uploader.takes[0]?.progress).toMatchObject({ status: "waiting", attempts: 1 });
      server.stranger = undefined;
      await vi.advanceTimersByTimeAsync(1500);
      expect(await store.all()).toEqual([]);
    },
  );

  it("goes on through an hour of 500, without knocking once for each take", async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `take-${index}`);
    server.failures = new Array<Problem>(10_000).fill(new Problem(500, "server_error", "Broken."));
    const uploader = await open();
    for (const id of ids) await uploader.add(take(id));
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(server.asked).toBeLessThan(3 * 70);
    expect(await store.all()).toHaveLength(20);
    server.failures = [];
    await vi.advanceTimersByTimeAsync(60_000 + 20_000);
    expect([...server.received.keys()].sort()).toEqual(ids.sort());
    expect([...server.received.values()]).toEqual(new Array(20).fill(1));
  });

  it("waits as long as the server asks, also when the device comes back online", async () => {
    server.failures = [new Problem(429, "throttled", "Slowly.", 30_000)];
    const uploader = await open();
    await uploader.add(take("a"));
    await vi.advanceTimersByTimeAsync(200);
    await uploader.add(take("b"));
    uploader.hurry();
    await vi.advanceTimersByTimeAsync(29_000);
    expect(server.asked).toBe(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(server.received.size).toBe(2);
  });

  it("keeps trying while the session does not know the speaker", async () => {
    server.failures = [new Problem(403, "speaker_unknown", "Who are you?")];
    const uploader = await open();
    await uploader.add(take("a"));
    await vi.advanceTimersByTimeAsync(150);
    expect(uploader.takes[0]?.progress).toMatchObject({ status: "waiting", reason: "Who are you?" });
    await vi.advanceTimersByTimeAsync(1500);
    expect(server.received.get("a")).toBe(1);
  });

  it("does not send what was discarded in another tab", async () => {
    server.failures = [Problem.unreachable()];
    const uploader = await open();
    await uploader.add(take("a"));
    await vi.advanceTimersByTimeAsync(150);
    await store.delete("a");
    await vi.advanceTimersByTimeAsync(5000);
    expect(server.received.size).toBe(0);
    expect(uploader.takes).toEqual([]);
  });

  it("sends what another tab has left behind once it is told to look", async () => {
    const here = await open();
    const there = await Uploader.open(store, surroundings());
    await there.add(take("a"));
    there.close();
    await here.refresh();
    await vi.advanceTimersByTimeAsync(500);
    expect(here.takes).toEqual([]);
    expect(await store.all()).toEqual([]);
  });
});
