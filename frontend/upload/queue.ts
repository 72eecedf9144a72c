/** The rules of the upload queue, without any input or output. */

import { Problem } from "../api/problem";

/** How many takes travel at once. */
export const PARALLEL = 3;

/** The server's limit; an early refusal may reach us as a broken connection, so we ask first. */
export const MAX_BYTES = 25_000_000;

/**
 * `waiting` until `not_before` (ms since 1970), with what kept the last attempt from succeeding;
 * `sending`; or `failed` for good with a reason: only the speaker can start a failed one again.
 */
export type Progress =
  | { status: "waiting"; attempts: number; not_before: number; reason: string | null }
  | { status: "sending"; attempts: number }
  | { status: "failed"; attempts: number; reason: string };

export interface Queued {
  readonly id: string;
  readonly progress: Progress;
}

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 60_000;
const TRANSIENT = new Set([0, 408, 425, 429]);
/** Who asks is unclear, the take is not at fault: cured by cookies or by the recovery phrase. */
const IDENTITY = new Set(["speaker_unknown", "csrf_failed"]);
/**
 * Somebody else speaks now, or the campaign has a new text: the take waits until its maker is back
 * or has agreed, and nobody else's waits with it.
 */
const AWAITS_ITS_MAKER = new Set(["maker_absent", "consent_outdated", "consent_lapsed"]);
const MAKER_DELAY_MS = 300_000;

export const START = {
  status: "waiting",
  attempts: 0,
  not_before: 0,
  reason: null,
} as const satisfies Progress;

/**
 * A rest of the whole queue: `failures` in a row, and no request before `until` (ms since 1970).
 * `ordered` when the server itself named the time, which then nothing shortens.
 */
export interface Rest {
  failures: number;
  until: number;
  ordered: boolean;
}

export const NO_REST: Rest = { failures: 0, until: 0, ordered: false };

/**
 * Whether the same request may succeed later: no answer, a busy or broken server, or a session
 * that has forgotten its speaker.
 */
export function isTransient(problem: Problem): boolean {
  if (problem.code === "unexpected") return false;
  if (IDENTITY.has(problem.code) || AWAITS_ITS_MAKER.has(problem.code)) return true;
  return TRANSIENT.has(problem.status) || problem.status >= 500;
}

/**
 * How long to wait after the `attempts`th failure: doubling, at most a minute, and between
 * half and all of it (`random` in [0, 1)), so that a room full of phones does not knock at
 * a recovering server in step.
 */
export function backoff_ms(attempts: number, random: number): number {
  const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempts - 1));
  return ceiling * (0.5 + random / 2);
}

/** Those to send now: the oldest first, never more than `PARALLEL`, and none during a rest. */
export function due<T extends Queued>(items: readonly T[], rest: Rest, now_ms: number): T[] {
  if (rest.until > now_ms) return [];
  const sending = items.filter((item) => item.progress.status === "sending").length;
  const ready = items.filter(
    ({ progress }) => progress.status === "waiting" && progress.not_before <= now_ms,
  );
  return ready.slice(0, Math.max(0, PARALLEL - sending));
}

/** When the next waiting item falls due, in ms since 1970, or null when none waits. */
export function nextDue_ms(items: readonly Queued[], rest: Rest): number | null {
  const times = items.flatMap(({ progress }) =>
    progress.status === "waiting" ? [progress.not_before] : [],
  );
  return times.length > 0 ? Math.max(rest.until, Math.min(...times)) : null;
}

export function sending(progress: Progress): Progress {
  return { status: "sending", attempts: progress.attempts + 1 };
}

/** Whether the campaign wants to be agreed to once more before it takes the take. */
export function asksAgain(problem: Problem): boolean {
  return problem.code === "consent_outdated" || problem.code === "consent_lapsed";
}

/** What becomes of an item whose attempt ended with `problem`. */
export function afterProblem(
  progress: Progress,
  problem: Problem,
  now_ms: number,
  random: number,
): Progress {
  const { attempts } = progress;
  const reason = problem.message;
  if (!isTransient(problem)) return { status: "failed", attempts, reason };
  const backoff = AWAITS_ITS_MAKER.has(problem.code) ? MAKER_DELAY_MS : backoff_ms(attempts, random);
  const delay_ms = Math.max(backoff, problem.retry_after_ms ?? 0);
  return { status: "waiting", attempts, not_before: now_ms + delay_ms, reason };
}

/**
 * The queue's rest after `problem`. What one take met, the next is likely to meet as well: with
 * a rest for each take alone, a hundred of them would knock a hundred times a minute at a server
 * that is down. Those that were under way together count as one failure.
 */
export function restAfter(rest: Rest, problem: Problem, now_ms: number, random: number): Rest {
  if (!isTransient(problem) || AWAITS_ITS_MAKER.has(problem.code)) return rest;
  const together = rest.until > now_ms;
  const failures = together ? rest.failures : rest.failures + 1;
  const asked_ms = now_ms + (problem.retry_after_ms ?? 0);
  const until = together ? rest.until : now_ms + backoff_ms(failures, random);
  const ordered = problem.retry_after_ms !== null || (together && rest.ordered);
  return { failures, until: Math.max(until, asked_ms), ordered };
}

/** The device is back online, or the speaker asks: no more rest, but for one the server ordered. */
export function hurried(rest: Rest): Rest {
  return rest.ordered ? rest : NO_REST;
}

/** An item read back from the device: an attempt that a closed page cut short is made again. */
export function revived(progress: Progress): Progress {
  if (progress.status === "failed") return progress;
  return { ...START, attempts: progress.attempts };
}

/** How long a take may be under way before it is worth a word. */
const UNREMARKABLE_MS = 10_000;

/**
 * Whether a take is held up: failed, tried in vain, or here for a while. What goes out within
 * seconds is none of the speaker's business, and would only flicker.
 */
export function isHeldUp(item: Queued & { accepted_at: number }, now_ms: number): boolean {
  const { progress } = item;
  const tried = progress.status === "sending" ? 1 : 0;
  const isOld = now_ms - item.accepted_at > UNREMARKABLE_MS;
  return progress.status === "failed" || progress.attempts > tried || isOld;
}
