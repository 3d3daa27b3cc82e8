"""Railway, high-voltage lines and pipelines, cut into segments at the borders of towns."""

from dataclasses import dataclass

import shapely
from shapely import LineString

from scripts.county.ground import spline
from scripts.county.parts import Parts

#: class, asset, name, points [km]
LINES = (
    (
        "rail",
        "RAIL-LAN",
        "澜滨铁路",
        [(-34, 9.8), (-23, 9.4), (-14.5, 7.2), (-8, 7.9), (-2.9, 7.6), (4, 6.4), (11, 6.9), (18, 6.4), (34, 8.2)],
    ),
    ("rail", "RAIL-PORT", "望港铁路专用线", [(-8, 7.9), (-13.2, 4.6), (-15.9, 0.2), (-16.4, -3.2), (-16.9, -6.0)]),
    ("power_line", "HV-220-A", "220 kV 望澜线", [(-19.2, -6.2), (-19.4, -1.4), (-14.2, 3.6), (-7.2, 6.2), (-6.4, 9.6)]),
    (
        "power_line",
        "HV-220-B",
        "220 kV 澜东线",
        [(-6.4, 9.6), (0.6, 10.2), (7.2, 9.9), (13.2, 11.8), (17.2, 15.6), (33.5, 15.2)],
    ),
    ("power_line", "HV-110-C", "110 kV 澜沙线", [(-7.2, 6.2), (-6.9, 2.4), (-5.0, -2.6)]),
    ("power_line", "HV-110-D", "110 kV 石门风电线", [(19.6, -5.6), (18.4, 1.4), (13.2, 6.1), (13.2, 11.8)]),
    (
        "gas_pipeline",
        "GAS-TRUNK",
        "西来天然气干线",
        [(-34, 12.6), (-22.5, 11.1), (-14.2, 11.2), (-7.6, 9.2), (-0.2, 11.8), (9, 13.2), (20, 12.1), (34, 13.8)],
    ),
    ("gas_pipeline", "GAS-CITY", "澜城高压燃气管道", [(-7.6, 9.2), (-7.9, 5.4), (-7.2, 1.0), (-6.6, -2.7)]),
    ("oil_pipeline", "OIL-PORT", "望港原油管道", [(-17.2, -5.7), (-14.2, -4.6), (-9.4, -4.2)]),
    (
        "oil_pipeline",
        "OIL-NORTH",
        "澜北成品油管道",
        [(-4.4, -3.2), (-0.6, 2.6), (1.9, 9.2), (2.4, 14.2), (6.4, 19.4), (6.2, 29.6), (6.8, 41.5)],
    ),
)


@dataclass
class Segment:
    asset: str
    number: int
    kind: str
    name: str
    town: str
    line: LineString


def draw() -> list[tuple[str, str, str, LineString]]:
    found = []
    for number, (kind, asset, name, points) in enumerate(LINES):
        metres = [(x * 1000, y * 1000) for x, y in points]
        line = (
            LineString(metres) if kind == "power_line" else LineString(spline(metres, 90, 0, 200 + number)).simplify(4)
        )
        found.append((kind, asset, name, line))
    return found


def segments(parts: Parts) -> list[Segment]:
    """The pieces of every line that lie in a town, in the order in which the line passes them."""
    found = []
    for kind, asset, name, line in draw():
        pieces = []
        for key, area in parts.areas.items():
            for piece in shapely.get_parts(line.intersection(area)):
                if piece.geom_type == "LineString" and piece.length > 30:
                    pieces.append((line.project(piece.interpolate(0.5, normalized=True)), key, piece))
        for number, (_, key, piece) in enumerate(sorted(pieces, key=lambda each: each[0]), 1):
            found.append(Segment(asset, number, kind, name, key, piece))
    return found
