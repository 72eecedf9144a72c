// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import { Scope } from "../lib/scope";
import { offerToInstall } from "./install";

function offered(): { place: HTMLElement; event: Event; prompt: () => Promise<void> } {
  const place = document.createElement("p");
  const prompt = vi.fn(() => Promise.resolve());
  const event = Object.assign(new Event("beforeinstallprompt", { cancelable: true }), { prompt });
  const scope = new Scope();
  offerToInstall(scope, place);
  window.dispatchEvent(event);
  scope.dispose();
  return { place, event, prompt };
}

describe("the offer to install", () => {
  it("is a button of ours, and no banner of the browser's", () => {
    const { place, event, prompt } = offered();
    expect(event.defaultPrevented).toBe(true);
    expect(place.textContent).toBe("Install Choir on this device");
    expect(prompt).not.toHaveBeenCalled();
  });

  it("is made once to whoever takes it", () => {
    const { place, prompt } = offered();
    place.querySelector("button")?.click();
    expect(prompt).toHaveBeenCalledOnce();
    expect(place.childElementCount).toBe(0);
  });

  it("is not there where the browser makes none", () => {
    const place = document.createElement("p");
    offerToInstall(new Scope(), place);
    expect(place.childElementCount).toBe(0);
  });
});
