import { Problem } from "./problem";

const BASE = "/api/v1/";
const SAFE = new Set(["GET", "HEAD"]);
/** Every page brings the cookie with the CSRF token; this one is small and everybody's. */
const COOKIE_PAGE = "/me/recover/";

const SHORTEST_TIMEOUT_MS = 30_000;
/** 64 kbit/s: what a phone gets at the edge of a 2G cell. Whoever is slower is not connected. */
const SLOWEST_BYTES_PER_S = 8_000;

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
 * How long a request with that many bytes may take, in ms. Without a limit a connection that has
 * died unnoticed, as in a tunnel, would hold its place in the queue for ever.
 */
export function timeout_ms(num_bytes: number): number {
  return SHORTEST_TIMEOUT_MS + (num_bytes / SLOWEST_BYTES_PER_S) * 1000;
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
  try {
    return await requestOnce<T>(method, path, options);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "csrf_failed") throw error;
    // The cookie was cleared, or the page is older than the cookie lives: a fresh one is at hand.
    await fetchOrProblem(COOKIE_PAGE, { credentials: "same-origin" });
    return requestOnce<T>(method, path, options);
  }
}

async function requestOnce<T>(
  method: string,
  path: string,
  options: RequestOptions,
): Promise<T> {
  const signal = AbortSignal.timeout(timeout_ms(options.bytes?.byteLength ?? 0));
  const init = { ...initOf(method, options), signal };
  const response = await fetchOrProblem(addressOf(path, options.query), init);
  if (!response.ok) throw await Problem.from(response);
  if (response.status === 204) return null as T;
  try {
    return (await response.json()) as T;
  } catch {
    // Cut short, or not our server at all: a hotel's network answers 200 with its own sign-in page.
    throw Problem.unreadable();
  }
}

async function fetchOrProblem(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    throw isTimeout(error) ? Problem.tooSlow() : Problem.unreachable();
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === "TimeoutError";
}
