import type { Verdict } from "../api/types";

/** How much of a clip a reviewer has heard. */
export interface Heard {
  heard_s: number;
  duration_s: number;
  to_end: boolean;
}

const NO_BREACH_S = 0.5;
/** Players count what was played in steps, and leave out a little at each end. */
const SLACK_S = 0.15;
const SLACK_SHARE = 0.1;

/** Whether all that was played, `heard_s` with the last moment at `furthest_s`, is the clip. */
export function isWhole(heard_s: number, furthest_s: number, duration_s: number): boolean {
  const slack_s = SLACK_S + SLACK_SHARE * duration_s;
  return furthest_s >= duration_s - slack_s && heard_s >= duration_s - slack_s;
}

/**
 * Whether a verdict may be given: accepting is for who has heard everything, since what is wrong
 * may come last; what is wrong at its start can be rejected there.
 */
export function mayJudge(verdict: Verdict, { heard_s, to_end }: Heard): boolean {
  return to_end || (verdict !== "accept" && heard_s >= NO_BREACH_S);
}
