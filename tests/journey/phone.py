"""A cheap phone on a slow network, and what a page costs there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

# The profile of issue 3, with the latency that Lighthouse gives its "slow 4G" (throttling.md).
CPU_SLOWDOWN = 4
BITS_PER_S = 1_600_000
ROUND_TRIP_MS = 150

# When the element that the speaker came for can be used, and how long the main thread was held.
WATCH = """(() => {
  window.usable_ms = null;
  const look = () => {
    const there = document.querySelector(WANTED);
    if (there && there.getClientRects().length > 0) {
      requestAnimationFrame(() => setTimeout(() => { window.usable_ms ??= performance.now(); }));
    } else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""

COST = """() => {
  const files = performance.getEntriesByType("resource");
  const scripts = files.filter(({ name }) => /\\.js$|jsi18n/.test(new URL(name).pathname));
  const [page] = performance.getEntriesByType("navigation");
  const sum = (entries) => entries.reduce((all, { encodedBodySize }) => all + encodedBodySize, 0);
  const [paint] = performance.getEntriesByName("first-contentful-paint");
  return {
    usable_ms: window.usable_ms,
    painted_ms: paint ? paint.startTime : 0,
    script_bytes: sum(scripts),
    all_bytes: sum(files) + page.encodedBodySize,
    requests: files.length + 1,
  };
}"""


@dataclass(frozen=True)
class Cost:
    """What one visit with an empty cache took; sizes as transferred, compressed."""

    usable_ms: float
    painted_ms: float
    script_bytes: int
    all_bytes: int
    requests: int

    def __str__(self) -> str:
        return (
            f"usable after {self.usable_ms:5.0f} ms, painted after {self.painted_ms:5.0f} ms; "
            f"{self.script_bytes / 1000:.1f} kB of JavaScript, {self.all_bytes / 1000:.1f} kB in "
            f"all, {self.requests} requests"
        )


def slow_down(page: Page) -> None:
    """Make the page's browser as slow as the profile, from now on."""
    session = page.context.new_cdp_session(page)
    bytes_per_s = BITS_PER_S / 8
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": ROUND_TRIP_MS,
            "downloadThroughput": bytes_per_s,
            "uploadThroughput": bytes_per_s / 2,
        },
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})


def cost_of(page: Page, path: str, wanted: str) -> Cost:
    """Visit ``path``; the page is usable once the element ``wanted`` (a selector) is shown."""
    page.add_init_script(WATCH.replace("WANTED", repr(wanted)))
    page.goto(path)
    page.wait_for_function("() => window.usable_ms !== null")
    page.wait_for_load_state("networkidle")
    measured: dict[str, Any] = page.evaluate(COST)
    return Cost(**measured)
