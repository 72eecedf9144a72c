"""Draws the app's icons from ``public/mark.svg``: `.venv/bin/python frontend/make_icons.py`.

Needed only when the mark changes: the pictures are kept in ``public/icons/``. Chromium draws them,
which the browser tests need anyway.
"""

from __future__ import annotations

import base64
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FRONTEND = Path(__file__).resolve().parent
sys.path.insert(0, str(FRONTEND.parent))
PAPER = "#fbf5ec"
# File, size in pixels, share of the width that the mark takes, and whether the corners are round.
# A maskable icon may be cut to a circle of 80 % of its size (W3C App Manifest, "safe zone").
ICONS = [
    ("icon-192.png", 192, 0.68, True),
    ("icon-512.png", 512, 0.68, True),
    ("icon-maskable-512.png", 512, 0.56, False),
    ("apple-touch-icon.png", 180, 0.66, False),
]


def main() -> None:
    """Write every icon anew."""
    from bootstrap import find_chromium

    mark = base64.b64encode((FRONTEND / "public" / "mark.svg").read_bytes()).decode()
    folder = FRONTEND / "public" / "icons"
    folder.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        for name, size, share, rounded in ICONS:
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(
                f"<body style='margin:0;height:100vh;display:grid;place-items:center;"
                f"background:{PAPER};border-radius:{'22%' if rounded else 0}'>"
                f"<style>html{{background:none}}</style>"
                f"<img width={size * share:.0f} src='data:image/svg+xml;base64,{mark}'>"
            )
            page.screenshot(path=folder / name, omit_background=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
