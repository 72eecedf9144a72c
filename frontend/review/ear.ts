/**
 * The last piece of the way to the ear: clips are made about equally loud here, and nowhere else.
 * Browsers let a page make sound only after a gesture; until then clips play as they are.
 */
export class Ear {
  #context: AudioContext | null = null;
  readonly #gains = new Map<HTMLAudioElement, GainNode>();
  #even: boolean;

  constructor(even: boolean) {
    this.#even = even;
  }

  /** Call it on a gesture. */
  wake(): void {
    if (!("AudioContext" in globalThis)) return;
    this.#context ??= new AudioContext({ latencyHint: "interactive" });
    if (this.#context.state === "suspended") this.#context.resume().catch(warn);
  }

  /** Whether clips are brought to one loudness from now on. */
  set even(on: boolean) {
    this.#even = on;
    if (on) return;
    for (const node of this.#gains.values()) node.gain.value = 1;
  }

  /** Leads `audio` through a gain, once there is a way: a context at rest would swallow it. */
  lead(audio: HTMLAudioElement, gain: number): void {
    if (this.#context?.state !== "running") return;
    const node = this.#gains.get(audio) ?? this.#connect(audio, this.#context);
    node.gain.value = this.#even ? gain : 1;
  }

  forget(audio: HTMLAudioElement): void {
    this.#gains.get(audio)?.disconnect();
    this.#gains.delete(audio);
  }

  close(): void {
    this.#context?.close().catch(warn);
    this.#context = null;
  }

  #connect(audio: HTMLAudioElement, context: AudioContext): GainNode {
    const node = context.createGain();
    context.createMediaElementSource(audio).connect(node).connect(context.destination);
    this.#gains.set(audio, node);
    return node;
  }
}

function warn(error: unknown): void {
  console.warn("Clips play as loud as they are:", error);
}
