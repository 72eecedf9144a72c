import { Scope } from "../../lib/scope";
import { isClipped } from "../pcm/judgement";
import { SpeechLevel, peakDbfs } from "../pcm/level";
import { toInt16 } from "../pcm/samples";
import type { Reading } from "./microphone";

const WINDOW_FRAMES = 2048;

/** Looks at a stream's level some times a second, where its samples cannot be had. */
export class LevelWatch {
  readonly #scope = new Scope();

  constructor(context: AudioContext, stream: MediaStream, onlevel: (reading: Reading) => void) {
    const analyser = context.createAnalyser();
    analyser.fftSize = WINDOW_FRAMES;
    context.createMediaStreamSource(stream).connect(analyser);
    const window = new Float32Array(WINDOW_FRAMES);
    const duration_s = WINDOW_FRAMES / context.sampleRate;
    this.#scope.own(() => void context.close());
    this.#repeat(duration_s * 1000, () => {
      analyser.getFloatTimeDomainData(window);
      const samples = toInt16(window);
      const level_dbfs = new SpeechLevel().push(samples, context.sampleRate);
      const peak_dbfs = peakDbfs([samples]);
      onlevel({ peak_dbfs, level_dbfs, clipped: isClipped(samples), duration_s });
    });
  }

  close(): void {
    this.#scope.dispose();
  }

  #repeat(delay_ms: number, look: () => void): void {
    this.#scope.timeout(delay_ms, () => {
      look();
      this.#repeat(delay_ms, look);
    });
  }
}
