/** The rules of the upload queue, without any input or output. */

import { Problem } from "../api/problem";

/** How many takes travel at once. */
export const PARALLEL = 3;

/** The server's limit; an early refusal may reach us as a broken connection, so we ask first. */
export const MAX_BYTES = 25_000_000;

/**
 * `waiting` until `not_before` (ms since 1970), `sending`, or `failed` for good with a reason:
 * only the speaker can start a failed one again.
 */
export type Progress =
  | { status: "waiting"; attempts: number; not_before: number }
  | { status: "sending"; attempts: number }
  | { status: "failed"; attempts: number; reason: string };

export interface Queued {
  readonly id: string;
  readonly progress: Progress;
}

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 60_000;
const TRANSIENT = new Set([0, 408, 425, 429]);

export const START: Progress = { status: "waiting", attempts: 0, not_before: 0 };

/** Whether the same request may succeed later: no answer, a busy server, a broken server. */
export function isTransient(problem: Problem): boolean {
  if (problem.code === "unexpected") return false;
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

/** Those to send now: the oldest first, and never more than `PARALLEL` under way. */
export function due<T extends Queued>(items: readonly T[], now_ms: number): T[] {
  const sending = items.filter((item) => item.progress.status === "sending").length;
  const ready = items.filter(
    ({ progress }) => progress.status === "waiting" && progress.not_before <= now_ms,
  );
  return ready.slice(0, Math.max(0, PARALLEL - sending));
}

/** When the next waiting item falls due, in ms since 1970, or null when none waits. */
export function nextDue_ms(items: readonly Queued[]): number | null {
  const times = items.flatMap(({ progress }) =>
    progress.status === "waiting" ? [progress.not_before] : [],
  );
  return times.length > 0 ? Math.min(...times) : null;
}

export function sending(progress: Progress): Progress {
  return { status: "sending", attempts: progress.attempts + 1 };
}

/** What becomes of an item whose attempt ended with `problem`. */
export function afterProblem(
  progress: Progress,
  problem: Problem,
  now_ms: number,
  random: number,
): Progress {
  const { attempts } = progress;
  if (!isTransient(problem)) return { status: "failed", attempts, reason: problem.message };
  return { status: "waiting", attempts, not_before: now_ms + backoff_ms(attempts, random) };
}

/** An item read back from the device: an attempt that a closed page cut short is made again. */
export function revived(progress: Progress): Progress {
  if (progress.status === "failed") return progress;
  return { status: "waiting", attempts: progress.attempts, not_before: 0 };
}
