"""The few line icons of the product, drawn on a grid of 24."""

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
    "download": "M12 4v11m-4.5-4 4.5 4 4.5-4M5 20h14",
}


def svg(name: str) -> SafeString:
    """The icon as inline SVG, hidden from readers of the page's text."""
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>', PATHS[name])
