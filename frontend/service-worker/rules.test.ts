import { describe, expect, it } from "vitest";
import { keepable, strategyFor, type Strategy } from "./rules";

const ORIGIN = "https://choir.example";

describe("what the service worker does with a request", () => {
  it.each<[string, string, string, Strategy]>([
    ["GET", "navigate", "/c/demo/record/", "page"],
    ["GET", "navigate", "/me/clips/?page=2", "page"],
    ["GET", "navigate", "/accounts/login/", "leave"],
    ["GET", "navigate", "/admin/", "leave"],
    ["GET", "navigate", "/api/v1/releases/1/exports/nemo", "leave"],
    ["GET", "cors", "/api/v1/clips", "leave"],
    ["GET", "no-cors", "/api/v1/clips/1/audio", "leave"],
    ["PUT", "cors", "/api/v1/clips/1", "leave"],
    ["POST", "navigate", "/c/demo/record/", "leave"],
    ["GET", "cors", "/static/assets/record-abc.js", "asset"],
    ["GET", "no-cors", "/jsi18n/", "texts"],
    ["GET", "no-cors", "/favicon.ico", "leave"],
  ])("%s %s %s", (method, mode, path, expected) => {
    expect(strategyFor({ method, mode, url: ORIGIN + path }, ORIGIN)).toBe(expected);
  });

  it("leaves other sites alone", () => {
    const asked = { method: "GET", mode: "navigate", url: "https://elsewhere.example/" };
    expect(strategyFor(asked, ORIGIN)).toBe("leave");
  });

  it("keeps the offline page and recorders, and no page with somebody's own things", () => {
    const asked = ["/c/demo/record/", "/me/clips/", "/c/demo/", "/c/../me/record/"];
    expect(keepable(asked)).toEqual(["/offline/", "/c/demo/record/"]);
  });
});
