// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Clip } from "../api/types";
import { Scope } from "../lib/scope";
import { START, type Progress } from "../upload/queue";
import type { Uploader } from "../upload/uploader";
import { TakeLog } from "./take-log";

const withdrawn: string[] = [];
const scope = new Scope();

vi.mock("../api/client", () => ({
  getClips: () => Promise.resolve({ results: [] }),
  withdrawClip: (id: string) => {
    withdrawn.push(id);
    return id === "gone" ? Promise.reject(new Error("offline")) : Promise.resolve(clip(id));
  },
}));

const clip = (id: string): Clip => ({ id, state: "in_review" }) as Clip;
const prompt = { id: "p", kind: "keyword" as const, text: "yes" };

/** An uploader that holds one take in the given state. */
function holding(id: string, progress: Progress): Uploader & { takes: { progress: Progress }[] } {
  const uploader = {
    takes: [{ id, prompt, progress }],
    onchange: () => {},
    onsent: () => {},
    discard: vi.fn(() => {
      uploader.takes = [];
      uploader.onchange();
      return Promise.resolve();
    }),
  };
  return uploader as unknown as Uploader & { takes: { progress: Progress }[] };
}

const SENDING: Progress = { status: "sending", attempts: 1 };
const WAITING: Progress = START;

afterEach(() => {
  withdrawn.length = 0;
  scope.dispose();
});

describe("taking a take back", () => {
  it("deletes what still waits on the device", async () => {
    const uploader = holding("a", WAITING);
    const log = new TakeLog(new Scope(), uploader);
    await log.takeBack("a");
    expect(uploader.discard).toHaveBeenCalledWith("a");
    expect(log.takes).toEqual([]);
    expect(withdrawn).toEqual([]);
  });

  it("takes back what the server has", async () => {
    const uploader = holding("a", SENDING);
    const log = new TakeLog(new Scope(), uploader);
    uploader.onsent(clip("a"));
    await log.takeBack("a");
    expect(withdrawn).toEqual(["a"]);
  });

  it("waits for the answer to what is under way, and takes it back then", async () => {
    const uploader = holding("a", SENDING);
    const log = new TakeLog(new Scope(), uploader);
    await log.takeBack("a");
    expect(withdrawn).toEqual([]);
    uploader.onsent(clip("a"));
    await vi.waitFor(() => expect(withdrawn).toEqual(["a"]));
  });

  it("deletes what was under way when its attempt failed", async () => {
    const uploader = holding("a", SENDING);
    const log = new TakeLog(new Scope(), uploader);
    await log.takeBack("a");
    uploader.takes[0]!.progress = WAITING;
    uploader.onchange();
    expect(uploader.discard).toHaveBeenCalledWith("a");
  });

  it("says so when the server cannot be asked", async () => {
    const uploader = holding("gone", SENDING);
    const log = new TakeLog(new Scope(), uploader);
    uploader.onsent(clip("gone"));
    await log.takeBack("gone");
    expect(log.notice).toContain("My clips");
  });
});
