import { describe, expect, it } from "vitest";
import { Endpointer, type Edge } from "./endpointer";
import { roomTone, type RoomTone } from "./noise-floor";

const BLOCK_S = 0.01;
const SILENCE_S = 0.4;
const FLOOR_DBFS = -50;

/** Levels as text: `level dBFS for duration s`, one after the other. */
type Stretch = readonly [level_dbfs: number, duration_s: number];

interface Heard extends Edge {
  /** When the edge was told, and when that says it was, in seconds. */
  told_s: number;
  at_s: number;
}

/** A noise that goes up and down by `swing_db` around the floor, as real ones do. */
function roomOf(swing_db: number): RoomTone {
  return roomTone(Array.from({ length: 100 }, (_, i) => FLOOR_DBFS + swing_db * Math.sin(i)));
}

function listen(stretches: readonly Stretch[], endpointer = new Endpointer(roomOf(1))): Heard[] {
  const heard: Heard[] = [];
  let blocks = 0;
  for (const [level_dbfs, duration_s] of stretches) {
    for (let i = 0; i < Math.round(duration_s / BLOCK_S); i++) {
      blocks += 1;
      const edge = endpointer.push(level_dbfs + Math.sin(blocks), BLOCK_S, SILENCE_S);
      const told_s = blocks * BLOCK_S;
      if (edge) heard.push({ ...edge, told_s, at_s: told_s - edge.ago_s });
    }
  }
  return heard;
}

const QUIET: Stretch = [FLOOR_DBFS, 1];
const types = (heard: readonly Heard[]): string => heard.map(({ type }) => type).join(" ");

describe("the endpointer", () => {
  it.each<[string, readonly Stretch[], string]>([
    ["nothing", [QUIET, QUIET], ""],
    ["a word 20 dB above the floor", [QUIET, [-30, 0.5], QUIET], "start end"],
    ["a word that just passes 12 dB", [QUIET, [-36, 0.5], QUIET], "start end"],
    ["a voice from the next room, 9 dB above the floor", [QUIET, [-41, 0.5], QUIET], ""],
    ["a click of 30 ms", [QUIET, [-10, 0.03], QUIET], ""],
    ["three clicks", [QUIET, [-10, 0.02], [-50, 0.2], [-10, 0.02], [-50, 0.2], [-10, 0.02], QUIET], ""],
    ["two words, 300 ms apart, for one", [QUIET, [-30, 0.4], [-50, 0.3], [-30, 0.4], QUIET], "start end"],
    ["two words, 600 ms apart", [QUIET, [-30, 0.4], [-50, 0.6], [-30, 0.4], QUIET], "start end start end"],
    ["a word that fades below 12 dB and goes on", [QUIET, [-30, 0.3], [-42, 0.6], [-30, 0.3], QUIET], "start end"],
    ["a door that slams while it waits for the end", [QUIET, [-30, 0.5], [-50, 0.2], [-20, 0.05], [-50, 0.3]], "start end"],
    ["somebody who does not stop", [QUIET, [-30, 0.5], [-36, 1], [-30, 0.5]], "start"],
  ])("hears %s", (_, stretches, expected) => {
    expect(types(listen(stretches))).toBe(expected);
  });

  it("says when the word began and ended, not when it was sure", () => {
    const [start, end] = listen([QUIET, [-30, 0.5], QUIET]);
    expect(start!.at_s).toBeGreaterThan(0.85);
    expect(start!.at_s).toBeLessThanOrEqual(1);
    expect(end!.at_s).toBeCloseTo(1.5, 1);
    expect(end!.told_s - end!.at_s).toBeCloseTo(SILENCE_S, 1);
  });

  it("goes back over a weak consonant and a short closure before the vowel", () => {
    const [start] = listen([QUIET, [-45, 0.15], [-50, 0.08], [-30, 0.4], QUIET]);
    expect(start!.at_s).toBeLessThanOrEqual(1);
  });

  it("never goes back further than it can remember", () => {
    const [start] = listen([QUIET, [-45, 3], [-30, 0.4]]);
    expect(start!.ago_s).toBeLessThanOrEqual(0.7);
  });

  it("lets what is being said pass after a restart", () => {
    const endpointer = new Endpointer(roomOf(1));
    listen([QUIET, [-20, 0.3]], endpointer);
    endpointer.restart();
    expect(types(listen([[-20, 0.5], QUIET, [-30, 0.4], QUIET], endpointer))).toBe("start end");
  });

  it("stops in a room that swings by itself, and still starts there", () => {
    const babble = roomOf(5);
    const swinging: Stretch[] = Array.from({ length: 12 }, (_, i) => [i % 2 ? -54 : -43, 0.15]);
    const heard = listen([...swinging, [-28, 0.5], ...swinging], new Endpointer(babble));
    expect(types(heard)).toBe("start end");
  });

  it("hears words apart though a hush falls over the voices in the room", () => {
    const room = (duration_s: number): Stretch[] =>
      Array.from({ length: duration_s / 0.15 }, (_, i) => [i % 2 ? -54 : -43, 0.15]);
    const said: Stretch[] = [...room(3), [-75, 0.4], ...room(1.5), [-30, 0.5]];
    const heard = listen([...said, ...said, ...said, ...room(1.5)], new Endpointer(roomOf(5)));
    expect(types(heard)).toBe("start end start end start end");
  });

  it("follows a fan that is switched on, and off again", () => {
    const endpointer = new Endpointer(roomOf(1));
    listen([QUIET, [-35, 8]], endpointer);
    expect(endpointer.floor_dbfs).toBeGreaterThan(-38);
    expect(types(listen([[-35, 1], [-15, 0.5], [-35, 1]], endpointer))).toBe("start end");
    listen([[-50, 3]], endpointer);
    expect(endpointer.floor_dbfs).toBeLessThan(-47);
  });

  it("does not take a long sentence for its room", () => {
    const syllables: Stretch[] = Array.from({ length: 60 }, (_, i) => [i % 4 === 3 ? -48 : -25, 0.12]);
    const heard = listen([QUIET, ...syllables, QUIET]);
    expect(types(heard)).toBe("start end");
    expect(heard[1]!.at_s).toBeGreaterThan(8);
  });
});

describe("room tone", () => {
  const steady = Array.from({ length: 100 }, (_, i) => FLOOR_DBFS + Math.sin(i));

  it("is the level in the middle, whoever coughs", () => {
    const cough = steady.map((level, i) => (i > 40 && i < 65 ? -12 : level));
    expect(roomTone(steady).floor_dbfs).toBeCloseTo(FLOOR_DBFS, 0);
    expect(Math.abs(roomTone(cough).floor_dbfs - FLOOR_DBFS)).toBeLessThan(1);
  });

  it("tells a cough from a steady room", () => {
    expect(roomTone(steady).steady).toBe(true);
    expect(roomTone(steady.map((level, i) => (i > 40 && i < 65 ? -12 : level))).steady).toBe(false);
  });

  it("has a floor also where the device gives digital silence", () => {
    expect(roomTone(new Array<number>(100).fill(-96))).toMatchObject({ floor_dbfs: -75, steady: true });
    expect(roomTone([]).floor_dbfs).toBe(-75);
  });
});
