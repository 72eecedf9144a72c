import type { Scope } from "./scope";

type KeyMap = Readonly<Record<string, () => void>>;

const TYPING = "input, textarea, select, [contenteditable]";
const PRESSABLE = "button, a[href], summary, audio, video";

/** Whether a key pressed in `target` belongs to `target` itself and must not be a shortcut. */
function belongsToTarget(key: string, target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest(TYPING)) return true;
  const presses = key === " " || key === "Enter";
  return presses && target.closest(PRESSABLE) !== null;
}

/**
 * Listens for single keys anywhere on the page: `shortcuts()` maps a key, lower case
 * (`" "` for Space, `"enter"`), to what it does now. Silent while someone is typing, while
 * a dialog is open, and for keys held down or combined with Ctrl, Alt or Meta.
 */
export function listenForKeys(scope: Scope, shortcuts: () => KeyMap): void {
  scope.listen(document, "keydown", (event) => {
    if (event.defaultPrevented || event.repeat) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (document.querySelector("dialog[open]")) return;
    const action = shortcuts()[event.key.toLowerCase()];
    if (!action || belongsToTarget(event.key, event.target)) return;
    event.preventDefault();
    action();
  });
}
