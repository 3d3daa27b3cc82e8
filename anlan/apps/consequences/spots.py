"""Points and lines as addresses write them: ``lon,lat,lon,lat,…`` [degree]."""

from anlan.kit.errors import BadInput
from anlan.rules.refusal import Refusal

Spot = tuple[float, float]
MOST_CORNERS = 40


def line(text: str, least: int = 2) -> list[Spot] | None:
    """The corners of a line, at least so many; None for an empty text. Raises BadInput."""
    if not text:
        return None
    fix = "写成“经度,纬度,经度,纬度”，用十进制度数。"
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) < 2 * least or len(numbers) % 2 or len(numbers) > 2 * MOST_CORNERS:
        raise BadInput(Refusal("line.unreadable", "看不懂线段“{text}”。", fix, {"text": text[:60]}))
    corners = list(zip(numbers[::2], numbers[1::2], strict=True))
    if not all(abs(east) <= 180 and abs(north) <= 80 for east, north in corners):
        raise BadInput(Refusal("line.outside", "线段的经纬度不对。", "经度在 ±180、纬度在 ±80 以内。"))
    return corners
