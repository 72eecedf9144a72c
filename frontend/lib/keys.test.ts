// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keysOf, type Action } from "./actions";
import { listenForKeys } from "./keys";
import { Scope } from "./scope";

const accept = vi.fn();
const record = vi.fn();
const ACTIONS: Action[] = [
  { name: "accept", label: "Accept", key: "A", run: accept },
  { name: "record", label: "Record", key: "Space", run: record },
];

let scope: Scope;

beforeEach(() => {
  vi.clearAllMocks();
  scope = new Scope();
  listenForKeys(scope, () => keysOf(ACTIONS));
});
afterEach(() => {
  scope.dispose();
  document.body.replaceChildren();
});

function press(key: string, options: KeyboardEventInit = {}, on: Element = document.body): void {
  on.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...options }));
}

function add(html: string): Element {
  document.body.innerHTML = html;
  return document.body.querySelector(".target")!;
}

describe("shortcuts", () => {
  it("work anywhere on the page, in either case", () => {
    press("a");
    press("A");
    press(" ");
    expect(accept).toHaveBeenCalledTimes(2);
    expect(record).toHaveBeenCalledTimes(1);
  });

  it.each([
    '<input class="target">',
    '<textarea class="target"></textarea>',
    '<select class="target"></select>',
    '<div contenteditable="true"><b class="target">x</b></div>',
  ])("are silent while typing in %s", (html) => {
    press("a", {}, add(html));
    expect(accept).not.toHaveBeenCalled();
  });

  it("leave Space to a focused button, but not letters", () => {
    const button = add('<button class="target">Skip</button>');
    press(" ", {}, button);
    expect(record).not.toHaveBeenCalled();
    press("a", {}, button);
    expect(accept).toHaveBeenCalledTimes(1);
  });

  it.each<KeyboardEventInit>([{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { repeat: true }])(
    "are silent with %j",
    (options) => {
      press("a", options);
      expect(accept).not.toHaveBeenCalled();
    },
  );

  it("are silent while a dialog is open, and after their owner is gone", () => {
    add('<dialog open class="target"></dialog>');
    press("a");
    document.body.replaceChildren();
    scope.dispose();
    press("a");
    expect(accept).not.toHaveBeenCalled();
  });
});
