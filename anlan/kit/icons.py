"""The few line icons of the product, drawn on a grid of 24."""

from functools import cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

PATHS = {
    "map": "M9 4 3 6.5v13L9 17l6 3 6-2.5v-13L15 7 9 4Zm0 0v13m6-10v13",
    "duty": "M5 4h14v16H5zM8.5 9h7m-7 4h7m-7 4h4",
    "health": "M3 12h4l2.5-6 5 12 2.5-6h4",
    "style": "M4 4h7v7H4zm9 0h7v7h-7zM4 13h7v7H4zm9 0h7v7h-7z",
    "bell": "M6 16V11a6 6 0 1 1 12 0v5l1.5 2h-15zM10 21h4",
    "shield": "M12 3 5 6v5c0 4.5 3 8 7 10 4-2 7-5.5 7-10V6z",
    "key": "M14.5 9.5 21 3m-3 3 2 2m-5 1a4.5 4.5 0 1 1-6.400 6.400A4.5 4.5 0 0 1 15 9Z",
    "devices": "M3 5h13v9H3zM6 18h6m3-8h6v9h-6z",
    "leave": "M14 4H5v16h9m-3-8h10m-3.5-3.5L21 12l-3.5 3.5",
    "close": "M6 6l12 12M18 6 6 18",
    "check": "m5 12.5 4.5 4.5L19 7.5",
    "search": "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Zm5-1.5L20 20",
    "layers": "m12 4 9 4.5-9 4.5-9-4.5zm-9 9 9 4.5 9-4.5",
    "copy": "M8 8h12v12H8zM16 8V4H4v12h4",
    "desk": "M3 9h18M5 9V6h14v3M5 9v10m14-10v10M9 13h6m-6 3h4",
    "alarm": "M12 4 2.500 20h19zM12 10v5m0 2.200v.3",
    "plant": "M3 20h18M5 20V9l5 3.500V9l5 3.500V5h4v15M9 16.500h2m3 0h2",
    "risk": "M12 3 4 6v6c0 4.500 3.400 7.600 8 9 4.600-1.400 8-4.500 8-9V6zM12 8v5m0 2.700v.3",
    "chart": "M4 4v16h16M7 15l4-5 3 3 5-7",
    "wall": "M3 5h18v11H3zM9 20h6m-3-4v4",
    "manage": "M4 7h9m4 0h3M4 17h3m4 0h9M15 5v4M9 15v4",
    "exchange": "M7 4 3 8l4 4M3 8h13m1 4 4 4-4 4m4-4H8",
    "more": "M5 6h14M5 12h14M5 18h14",
    "note": "M5 4h14v11l-4 5H5zM15 20v-5h4",
    "sound": "M4 10v4h3l5 4V6L7 10zM16 9a4.200 4.200 0 0 1 0 6m2.500-8.500a8 8 0 0 1 0 11",
    "pause": "M8 5v14m8-14v14",
    "play": "M7 5v14l12-7z",
    "full": "M4 9V4h5m6 0h5v5m0 6v5h-5m-6 0H4v-5",
    "print": "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
    "download": "M12 4v11m-4.5-4 4.5 4 4.5-4M5 20h14",
}


@cache
def svg(name: str) -> SafeString:
    """The icon as inline SVG, hidden from readers of the page's text."""
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>', PATHS[name])
