import { beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../api/problem";
import type { Campaign, OfferedPrompt } from "../api/types";
import { PromptSource } from "./prompt-source";

const campaign = { slug: "demo" } as Campaign;
const prompts = (...ids: string[]): OfferedPrompt[] =>
  ids.map((id) => ({ id, kind: "keyword", text: id, seconds: null }));
const ids = (set: readonly OfferedPrompt[]): string => set.map(({ id }) => id).join("");

const server = { answers: [] as (OfferedPrompt[] | Error)[], asked: [] as unknown[][] };
const device = { kept: null as readonly OfferedPrompt[] | null };

vi.mock("../api/client", () => ({
  getPrompts: (...asked: unknown[]) => {
    server.asked.push(asked);
    const answer = server.answers.shift() ?? Problem.unreachable();
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  },
}));
vi.mock("../upload/prompt-store", () => ({
  keepSet: (_slug: string, _campaign: Campaign, kept: readonly OfferedPrompt[]) => {
    device.kept = kept;
    return Promise.resolve(true);
  },
  keptSet: () => Promise.resolve(device.kept && { prompts: device.kept }),
}));

beforeEach(() => {
  server.answers = [];
  server.asked = [];
  device.kept = null;
});

describe("sets of prompts", () => {
  it("come two at a time: one to record, and one kept for later", async () => {
    server.answers = [prompts("a", "b", "c", "d")];
    const source = new PromptSource("demo", null);
    expect(ids(await source.next(campaign, 2))).toBe("ab");
    await vi.waitFor(() => expect(ids(device.kept!)).toBe("cd"));
    expect(ids(await source.next(campaign, 2))).toBe("cd");
  });

  it("begin with the prompt that somebody came for, once", async () => {
    server.answers = [prompts("a"), prompts("a"), prompts("a"), prompts("a")];
    const source = new PromptSource("demo", "a");
    await source.next(campaign, 1);
    await source.next(campaign, 1);
    expect(server.asked.filter(([, , first]) => first === "a")).toHaveLength(1);
  });

  it("fetched ahead hold nothing that is being recorded now", async () => {
    server.answers = [prompts("a", "b"), prompts("a", "b", "c")];
    const source = new PromptSource("demo", null);
    await source.next(campaign, 2);
    await vi.waitFor(() => expect(device.kept && ids(device.kept)).toBe("c"));
  });

  it("come from the device without a signal", async () => {
    device.kept = prompts("a", "b", "c");
    expect(ids(await new PromptSource("demo", null).next(campaign, 2))).toBe("ab");
  });

  it("are refused with the server's own word, and where nothing was kept", async () => {
    const source = new PromptSource("demo", null);
    await expect(source.next(campaign, 2)).rejects.toMatchObject({ code: "unreachable" });
    device.kept = prompts("a");
    server.answers = [new Problem(403, "consent_missing", "Agree first.")];
    await expect(source.next(campaign, 2)).rejects.toMatchObject({ code: "consent_missing" });
  });
});
