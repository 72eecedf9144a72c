"""What makes an app of the site: the manifest, the service worker, the page for no signal."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language as current_language
from django.utils.translation import get_language_info, gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

# tokens.css calls it --paper; a manifest knows no dark variant, base.html does.
PAPER = "#fbf5ec"
ICONS = (
    ("icons/icon-192.png", 192, "any"),
    ("icons/icon-512.png", 512, "any"),
    ("icons/icon-maskable-512.png", 512, "maskable"),
)


@require_safe
@vary_on_cookie
@cache_control(private=True, max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    """Name, icons and colours for the home screen, in the language that the cookie says."""
    language = current_language() or settings.LANGUAGE_CODE
    body = {
        "id": "/",
        "name": "Choir",
        "short_name": "Choir",
        "description": gettext("Lend your voice. Every clip stays yours."),
        "lang": language,
        "dir": "rtl" if get_language_info(language)["bidi"] else "ltr",
        "start_url": reverse("home"),
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [_icon(*icon) for icon in ICONS],
        "shortcuts": [
            {"name": gettext("Campaigns"), "url": reverse("home")},
            {"name": gettext("My clips"), "url": reverse("my-clips")},
        ],
    }
    return JsonResponse(body, content_type="application/manifest+json")


def _icon(path: str, size: int, purpose: str) -> dict[str, Any]:
    kind = {"sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
    return {"src": static(path), **kind}


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> FileResponse:
    """The service worker; at the root, because it may serve only what lies below its address."""
    built = settings.BASE_DIR / "frontend" / "dist" / "sw.js"
    return FileResponse(built.open("rb"), content_type="text/javascript")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What a device shows when there is no signal; kept by the service worker."""
    return render(request, "offline.html")
