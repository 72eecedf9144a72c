/**
 * One owner for everything that outlives a function call: listeners, timers, frames, files.
 * Whoever makes a Scope disposes of it, and with it of all that was started in its name.
 */
export class Scope {
  readonly #cleanups = new Set<() => void>();
  #disposed = false;

  /** Runs `cleanup` when the scope is disposed of. Returns a function that runs it earlier. */
  own(cleanup: () => void): () => void {
    const once = (): void => {
      if (this.#cleanups.delete(once)) cleanup();
    };
    this.#cleanups.add(once);
    if (this.#disposed) once();
    return once;
  }

  /** Listens to `type` on `target`. Returns a function that stops listening. */
  listen<K extends keyof WindowEventMap>(
    target: Window,
    type: K,
    handler: (event: WindowEventMap[K]) => void,
  ): () => void;
  listen<K extends keyof DocumentEventMap>(
    target: Document,
    type: K,
    handler: (event: DocumentEventMap[K]) => void,
  ): () => void;
  listen(target: EventTarget, type: string, handler: (event: never) => void): () => void;
  listen(target: EventTarget, type: string, handler: (event: never) => void): () => void {
    const listener = handler as EventListener;
    target.addEventListener(type, listener);
    return this.own(() => target.removeEventListener(type, listener));
  }

  /** Calls `callback` once after `delay_ms`. Returns a function that cancels it. */
  timeout(delay_ms: number, callback: () => void): () => void {
    const timer = setTimeout(() => {
      cancel();
      callback();
    }, delay_ms);
    const cancel = this.own(() => clearTimeout(timer));
    return cancel;
  }

  /** Calls `callback` before every repaint until stopped. Returns the function that stops it. */
  frames(callback: () => void): () => void {
    let handle = requestAnimationFrame(function next() {
      callback();
      handle = requestAnimationFrame(next);
    });
    return this.own(() => cancelAnimationFrame(handle));
  }

  /** Ends all that the scope owns, the latest first. */
  dispose(): void {
    this.#disposed = true;
    for (const cleanup of [...this.#cleanups].reverse()) cleanup();
  }
}
