import { describe, expect, it } from "vitest";
import type { Prompt } from "../api/types";
import { fileName } from "./take-file";

const ID = "3f0c2b1a-0000-4000-8000-000000000000";
const named = (text: string, content_type = "audio/flac", kind: Prompt["kind"] = "sentence"): string =>
  fileName({ id: ID, prompt: { id: "p", kind, text }, content_type });

describe("the name of a take's file", () => {
  it.each([
    ["Set a timer, please!", "choir-set-a-timer-please-3f0c2b1a.flac"],
    ["Öffne die Tür", "choir-öffne-die-tür-3f0c2b1a.flac"],
    ["../../etc/passwd", "choir-etc-passwd-3f0c2b1a.flac"],
    ["हिन्दी", "choir-हिन्दी-3f0c2b1a.flac"],
  ])("for %j", (text, expected) => {
    expect(named(text)).toBe(expected);
  });

  it("says what kind it is where nothing was to be said", () => {
    expect(named("", "audio/flac", "noise")).toBe("choir-noise-3f0c2b1a.flac");
  });

  it("ends as its type does", () => {
    expect(named("yes", "audio/webm;codecs=opus")).toMatch(/\.webm$/);
    expect(named("yes", "audio/x-unheard-of")).toMatch(/\.audio$/);
  });
});
