import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ClipUpload } from "../api/client";
import { Problem } from "../api/problem";
import type { Clip } from "../api/types";
import { MAX_BYTES } from "./queue";
import { MemoryStore, type QueuedTake } from "./store";
import { Uploader, type Surroundings } from "./uploader";

const take = (id: string, size = 4): Omit<QueuedTake, "progress" | "accepted_at"> => ({
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
  most = 0;
  #atOnce = 0;

  send = async (upload: ClipUpload): Promise<Clip> => {
    this.#atOnce += 1;
    this.most = Math.max(this.most, this.#atOnce);
    await new Promise((resolve) => setTimeout(resolve, 100));
    this.#atOnce -= 1;
    const failure = this.failures.shift();
    if (failure) throw failure;
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
    store.put = () => Promise.reject(new DOMException("full", "QuotaExceededError"));
    await expect(uploader.add(take("a"))).rejects.toThrow("full");
    await vi.advanceTimersByTimeAsync(1000);
    expect(uploader.takes).toEqual([]);
    expect(server.most).toBe(0);
  });
});
