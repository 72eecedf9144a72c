import { Problem } from "./problem";

const BASE = "/api/v1/";
const SAFE = new Set(["GET", "HEAD"]);

export interface RequestOptions {
  query?: Record<string, string | number>;
  json?: unknown;
  bytes?: ArrayBuffer;
  headers?: Record<string, string>;
}

function csrfToken(): string {
  const cookie = document.cookie.split("; ").find((pair) => pair.startsWith("csrftoken="));
  return decodeURIComponent(cookie?.slice("csrftoken=".length) ?? "");
}

function addressOf(path: string, query: RequestOptions["query"]): string {
  const pairs = Object.entries(query ?? {}).map(([name, value]) => [name, String(value)]);
  return BASE + path + (pairs.length > 0 ? `?${new URLSearchParams(pairs)}` : "");
}

function initOf(method: string, options: RequestOptions): RequestInit {
  const headers = new Headers({ Accept: "application/json", ...options.headers });
  if (!SAFE.has(method)) headers.set("X-CSRFToken", csrfToken());
  if (options.json !== undefined) headers.set("Content-Type", "application/json");
  const body = options.json === undefined ? options.bytes : JSON.stringify(options.json);
  return { method, headers, credentials: "same-origin", ...(body === undefined ? {} : { body }) };
}

/**
 * Asks the API. Returns the decoded JSON, or null where the answer has no body (204).
 * Throws a `Problem` for every other outcome.
 */
export async function request<T>(
  method: string,
  path: string,
  options: RequestOptions = {},
): Promise<T> {
  let response: Response;
  try {
    response = await fetch(addressOf(path, options.query), initOf(method, options));
  } catch {
    throw Problem.unreachable();
  }
  if (!response.ok) throw await Problem.from(response);
  return (response.status === 204 ? null : await response.json()) as T;
}
