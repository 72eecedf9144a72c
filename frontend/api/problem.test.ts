import { describe, expect, it } from "vitest";
import { Problem } from "./problem";

function answer(status: number, body: BodyInit | null, type: string): Response {
  return new Response(body, { status, headers: { "Content-Type": type } });
}

describe("Problem.from", () => {
  it("takes code and sentence from problem details", async () => {
    const body = JSON.stringify({
      type: "/problems/#consent_missing",
      title: "Forbidden",
      status: 403,
      code: "consent_missing",
      detail: "You have not agreed to this campaign’s text yet.",
    });
    const problem = await Problem.from(answer(403, body, "application/problem+json"));
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({ status: 403, code: "consent_missing" });
    expect(problem.message).toBe("You have not agreed to this campaign’s text yet.");
  });

  it("falls back to the title, then to a sentence for the status", async () => {
    const titled = await Problem.from(answer(404, '{"title":"Not Found"}', "application/json"));
    expect(titled.message).toBe("Not Found");
    const bare = await Problem.from(answer(413, null, "text/html"));
    expect(bare).toMatchObject({ code: "http_413", message: "The recording is too large." });
  });

  it.each([
    ["a page of a proxy", "<html>502</html>", "text/html"],
    ["a document cut short", '{"detail": "Half a', "application/problem+json"],
    ["a document of another shape", "null", "application/json"],
    ["members of other types", '{"detail": 7, "code": []}', "application/json"],
  ])("survives %s", async (_, body, type) => {
    const problem = await Problem.from(answer(502, body, type));
    expect(problem).toMatchObject({ status: 502, code: "http_502" });
    expect(problem.message).toContain("server has a problem");
  });
});

describe("Problem.of", () => {
  it("leaves a problem as it is and wraps everything else", () => {
    const problem = Problem.unreachable();
    expect(Problem.of(problem)).toBe(problem);
    expect(Problem.of(new RangeError("too far"))).toMatchObject({
      code: "unexpected",
      message: "too far",
    });
  });
});
