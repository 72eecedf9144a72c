import { t } from "../lib/text";
import { retryAfter_ms } from "./retry-after";

/** The members of RFC 9457 that Choir's API always sends. */
interface ProblemDetails {
  title?: unknown;
  detail?: unknown;
  code?: unknown;
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** An answer of the API that is not a success. `message` is a sentence for the person. */
export class Problem extends Error {
  override readonly name = "Problem";

  /**
   * `status` is the HTTP status, or 0 when no answer of Choir's came at all; `retry_after_ms` how
   * long the server asks us to wait, if it does.
   */
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly retry_after_ms: number | null = null,
  ) {
    super(message);
  }

  /** The problem that `response` reports, also when its body is no problem document. */
  static async from(response: Response): Promise<Problem> {
    const type = response.headers.get("Content-Type") ?? "";
    const details: ProblemDetails = type.includes("json") ? await readJson(response) : {};
    const message = text(details.detail) ?? text(details.title) ?? sentenceFor(response.status);
    const code = text(details.code) ?? `http_${response.status}`;
    return new Problem(response.status, code, message, retryAfter_ms(response.headers, Date.now()));
  }

  /** The problem of a request that never got an answer. */
  static unreachable(): Problem {
    return new Problem(0, "unreachable", t("The server cannot be reached. Are you online?"));
  }

  /** The problem of a request whose answer took longer than any working connection needs. */
  static tooSlow(): Problem {
    return new Problem(0, "too_slow", t("The server did not answer in time."));
  }

  /** The problem of an answer that says "success" and is not Choir's. */
  static unreadable(): Problem {
    const sentence = t("Something other than Choir answered. Does this network want you to sign in?");
    return new Problem(0, "unreadable", sentence);
  }

  /** Any thrown thing as a problem, so that it can be shown. */
  static of(error: unknown): Problem {
    if (error instanceof Problem) return error;
    return new Problem(0, "unexpected", error instanceof Error ? error.message : String(error));
  }
}

async function readJson(response: Response): Promise<ProblemDetails> {
  try {
    const body: unknown = await response.json();
    return typeof body === "object" && body !== null ? body : {};
  } catch {
    // A body cut short says nothing more than its status does.
    return {};
  }
}

function sentenceFor(status: number): string {
  if (status >= 500) return t("The server has a problem. Nothing of yours is lost.");
  if (status === 413) return t("The recording is too large.");
  return t("The server refused this (status {status}).", { status });
}
