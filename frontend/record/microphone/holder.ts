import { gesture, type Gesture } from "./gesture";
import type { Microphone } from "./microphone";
import { openMicrophone } from "./open";

/** The one microphone of a set: opened within a gesture, kept warm, and closed for sure. */
export class MicrophoneHolder {
  #opening: Promise<Microphone> | null = null;
  #open: Microphone | null = null;

  /** The microphone, once `opened` has resolved. */
  get current(): Microphone | null {
    return this.#open;
  }

  /** Begins to open it, unless it is; must be called inside the handler of a tap or key. */
  openInGesture(): void {
    if (this.#open || this.#opening) return;
    void this.#begin(gesture());
  }

  /** The open microphone. Throws a `MicrophoneError` when there is none to be had. */
  async opened(attend: (microphone: Microphone) => void): Promise<Microphone> {
    if (this.#open) return this.#open;
    const opening = this.#opening ?? this.#begin({ context: null });
    try {
      const microphone = await opening;
      // Closed meanwhile: whoever closed it closes this one, too.
      if (this.#opening !== opening) throw new Error("the microphone was closed");
      attend(microphone);
      this.#open = microphone;
      return microphone;
    } finally {
      if (this.#opening === opening) this.#opening = null;
    }
  }

  close(): void {
    void this.#opening?.then((microphone) => microphone.close()).catch(() => {});
    this.#opening = null;
    if (this.#open) this.#open.onlost = () => {};
    this.#open?.close();
    this.#open = null;
  }

  #begin(tap: Gesture): Promise<Microphone> {
    const opening = openMicrophone(tap);
    // Who waits for it hears of a refusal; nobody may wait when the consent fails.
    opening.catch(() => {});
    this.#opening = opening;
    return opening;
  }
}
