import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { base64, contentDigest } from "./digest";

describe("contentDigest", () => {
  it("agrees with the example of RFC 9530, appendix D", async () => {
    const bytes = new TextEncoder().encode('{"hello": "world"}\n');
    expect(await contentDigest(bytes.buffer)).toBe(
      "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:",
    );
  });

  it("agrees with another implementation on a megabyte", async () => {
    const bytes = Uint8Array.from({ length: 1 << 20 }, (_, i) => (i * 31) % 251);
    const other = createHash("sha256").update(bytes).digest("base64");
    expect(await contentDigest(bytes.buffer)).toBe(`sha-256=:${other}:`);
  });
});

describe("base64", () => {
  it.each([[[]], [[255]], [[0, 128]], [[1, 2, 3]]])("pads %j as everybody does", (bytes) => {
    expect(base64(Uint8Array.from(bytes))).toBe(Buffer.from(bytes).toString("base64"));
  });
});
