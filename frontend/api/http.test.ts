import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { giveConsent, getPrompts } from "./client";
import { request, timeout_ms } from "./http";
import { normalisePhrase, restoreSpeaker, storedPhrase, storePhrase } from "./identity";

type Route = (init: RequestInit) => Response;

const json = (body: unknown, status = 200): Response => Response.json(body, { status });
const refused = (code: string, status: number): Response => json({ code, detail: code }, status);

let asked: { method: string; path: string; headers: Headers; body: unknown }[];
let routes: Record<string, Route>;

beforeEach(() => {
  asked = [];
  routes = {};
  const kept = new Map<string, string>();
  vi.stubGlobal("document", { cookie: "a=1; csrftoken=tok%3Den; b=2" });
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
    const method = init.method ?? "GET";
    asked.push({ method, path, headers: new Headers(init.headers), body: init.body });
    const route = routes[`${method} ${path}`];
    return route ? Promise.resolve(route(init)) : Promise.reject(new TypeError("offline"));
  });
});

afterEach(() => vi.unstubAllGlobals());

describe("request", () => {
  it("sends the CSRF token with unsafe methods only", async () => {
    routes["POST /api/v1/x"] = () => json({});
    routes["GET /api/v1/x?page=2"] = () => json({});
    await request("POST", "x", { json: { a: 1 } });
    await request("GET", "x", { query: { page: 2 } });
    expect(asked[0]?.headers.get("X-CSRFToken")).toBe("tok=en");
    expect(asked[0]?.body).toBe('{"a":1}');
    expect(asked[1]?.headers.has("X-CSRFToken")).toBe(false);
  });

  it("answers null for an empty body and reports a missing network as a problem", async () => {
    routes["POST /api/v1/empty"] = () => new Response(null, { status: 204 });
    await expect(request("POST", "empty")).resolves.toBeNull();
    await expect(request("GET", "nowhere")).rejects.toMatchObject({ status: 0, code: "unreachable" });
  });
});

describe("a request that goes wrong", () => {
  it("is given more time the more it carries", () => {
    expect(timeout_ms(0)).toBe(30_000);
    expect(timeout_ms(213_000)).toBeCloseTo(56_625);
  });

  it("ends when the time is over", async () => {
    const timedOut = Object.assign(new Error("late"), { name: "TimeoutError" });
    vi.stubGlobal("fetch", () => Promise.reject(timedOut));
    await expect(request("GET", "x")).rejects.toMatchObject({ status: 0, code: "too_slow" });
  });

  it("is not taken for answered by a network's sign-in page", async () => {
    routes["PUT /api/v1/x"] = () => new Response("<html>Welcome to our hotel</html>");
    await expect(request("PUT", "x")).rejects.toMatchObject({ status: 0, code: "unreadable" });
  });

  it("fetches a fresh CSRF cookie once when the cookies were cleared", async () => {
    routes["GET /me/recover/"] = () => {
      vi.stubGlobal("document", { cookie: "csrftoken=fresh" });
      return new Response("<html></html>");
    };
    routes["PUT /api/v1/x"] = ({ headers }) =>
      new Headers(headers).get("X-CSRFToken") === "fresh" ? json({}) : refused("csrf_failed", 403);
    await expect(request("PUT", "x")).resolves.toEqual({});
    routes["PUT /api/v1/y"] = () => refused("csrf_failed", 403);
    await expect(request("PUT", "y")).rejects.toMatchObject({ code: "csrf_failed" });
  });
});

describe("the speaker's identity", () => {
  const text = { version: 1, language: "en", body: "…", sha256: "ab", purposes: [], wordings_sha256: "cd", changes: [] };

  it("keeps the recovery phrase that comes with the first consent", async () => {
    routes["POST /api/v1/campaigns/demo/consent"] = () => json({ recovery_phrase: "a b c" }, 201);
    await giveConsent("demo", text);
    expect(storedPhrase()).toBe("a b c");
  });

  it("keeps the old phrase when consent brings no new one", async () => {
    storePhrase("old words");
    routes["POST /api/v1/campaigns/demo/consent"] = () => json({ recovery_phrase: null });
    await giveConsent("demo", text);
    expect(storedPhrase()).toBe("old words");
  });

  it("recovers a forgotten speaker once and repeats the request", async () => {
    storePhrase("one two");
    let known = false;
    routes["POST /api/v1/speakers/recover"] = () => {
      known = true;
      return json({});
    };
    routes["GET /api/v1/campaigns/demo/prompts?limit=5"] = () =>
      known ? json([]) : refused("speaker_unknown", 403);
    await expect(Promise.all([getPrompts("demo", 5), getPrompts("demo", 5)])).resolves.toEqual([[], []]);
    expect(asked.filter(({ path }) => path.endsWith("recover"))).toHaveLength(1);
  });

  it("still says that the speaker is unknown when nobody has the phrase", async () => {
    storePhrase("one two");
    routes["POST /api/v1/speakers/recover"] = () => refused("recovery_phrase_unknown", 422);
    routes["GET /api/v1/campaigns/demo/prompts?limit=5"] = () => refused("speaker_unknown", 403);
    await expect(getPrompts("demo", 5)).rejects.toMatchObject({ code: "speaker_unknown" });
  });

  it("does not recover without a phrase, nor for another refusal", async () => {
    routes["GET /api/v1/campaigns/demo/prompts?limit=5"] = () => refused("speaker_unknown", 403);
    await expect(getPrompts("demo", 5)).rejects.toMatchObject({ code: "speaker_unknown" });
    storePhrase("one two");
    routes["GET /api/v1/campaigns/demo/prompts?limit=5"] = () => refused("consent_missing", 403);
    await expect(getPrompts("demo", 5)).rejects.toMatchObject({ code: "consent_missing" });
    expect(asked.some(({ path }) => path.endsWith("recover"))).toBe(false);
  });

  it("restores the speaker of this device, and minds no phrase that nobody knows", async () => {
    await restoreSpeaker();
    expect(asked).toHaveLength(0);
    storePhrase("one two");
    routes["GET /api/v1/speakers/me"] = () => refused("speaker_unknown", 403);
    routes["POST /api/v1/speakers/recover"] = () => refused("recovery_phrase_unknown", 422);
    await expect(restoreSpeaker()).resolves.toBeUndefined();
    expect(asked.at(-1)?.body).toBe('{"recovery_phrase":"one two"}');
  });

  it("reads a phrase however it was typed", () => {
    expect(normalisePhrase("  Amber\n basket   COUSIN ")).toBe("amber basket cousin");
  });
});
