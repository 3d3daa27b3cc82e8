"""Writes what was drawn: outlines, sites, lines and objects for the plan, layers and roads for the map."""

import csv
import json
import math
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import shapely
from PIL import Image
from shapely import Geometry

from scripts.county import cover, lines, things
from scripts.county.ground import EAST, X, Y
from scripts.county.parts import PACK, Parts
from scripts.county.plots import Plot
from scripts.county.water import Water
from scripts.county.ways import CLASSES, PARK, Way

ORIGIN = (124.0, 36.0)
METRES = 111_320.0
ALONG = METRES * math.cos(math.radians(ORIGIN[1]))


def degrees(shape: Geometry, digits: int = 5) -> dict[str, object]:
    """A shape in metres as GeoJSON."""
    moved = shapely.transform(shape, lambda points: np.round(points / [ALONG, METRES] + ORIGIN, digits))
    return dict(json.loads(shapely.to_geojson(moved)))


def feature(shape: Geometry, digits: int = 5, **properties: object) -> dict[str, object]:
    told = {key.rstrip("_"): value for key, value in properties.items() if value not in ("", None)}
    return {"type": "Feature", "properties": told, "geometry": degrees(shape, digits)}


def save(file: Path, features: Iterable[dict[str, object]]) -> None:
    """One feature a line, so that a change shows as a change."""
    file.parent.mkdir(parents=True, exist_ok=True)
    text = ",\n".join(json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in features)
    file.write_text(f'{{"type":"FeatureCollection","features":[\n{text}\n]}}\n', encoding="utf-8")


def outlines(parts: Parts) -> Iterator[dict[str, object]]:
    yield feature(parts.county, 6, key="county", kind="county")
    for town in parts.towns:
        yield feature(parts.areas[town["key"]], 6, key=town["key"], kind="town")
    for grid in parts.grids:
        yield feature(
            grid.area,
            6,
            key=grid.key,
            kind="grid",
            town=grid.town,
            name=grid.name,
            people=grid.people,
            seat=degrees(shapely.Point(grid.x, grid.y))["coordinates"],
        )
    park = shapely.Polygon(PARK)
    yield feature(park, 6, key="park", kind="park")
    coast = parts.county.intersection(
        parts.county.boundary.intersection(shapely.box(-40_000, -20_000, 40_000, -2_000)).buffer(1_600)
    )
    yield feature(max(shapely.get_parts(coast), key=lambda each: each.area).simplify(20), 6, key="coast", kind="zone")
    rail = shapely.union_all([line for kind, asset, _, line in lines.draw() if asset == "RAIL-LAN"]).buffer(
        500, quad_segs=4
    )
    yield feature(rail.intersection(parts.county).simplify(20), 6, key="railbelt", kind="zone")


def sites(plots: list[Plot]) -> None:
    with (PACK / "sites.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["key", "zone", "size", "grid", "road", "x", "y", "width", "depth", "angle"])
        for plot in plots:
            if not plot.zone.startswith("civic"):
                table.writerow(
                    [
                        plot.key,
                        plot.zone,
                        plot.size,
                        plot.grid,
                        plot.road or "村道",
                        plot.x,
                        plot.y,
                        plot.width,
                        plot.depth,
                        plot.angle,
                    ]
                )


def objects(found: list[things.Thing], segments: list[lines.Segment]) -> Iterator[dict[str, object]]:
    for thing in found:
        yield feature(thing.shape, 6, kind=thing.kind, name=thing.name, grid=thing.grid, level=thing.level)
    for each in segments:
        name = f"{each.name}第{each.number}段"
        yield feature(each.line, 6, kind="segment", class_=each.kind, asset=each.asset, name=name, town=each.town)


def ground(water: Water, parts: Parts) -> Iterator[dict[str, object]]:
    """The areas of the base map, in the order in which they are drawn."""
    sea = shapely.box(-260_000, -330_000, 260_000, 0).difference(_endless(water))
    yield feature(sea.simplify(10), class_="sea")
    yield feature(water.flat.intersection(shapely.box(-60_000, -60_000, 60_000, 60_000)), class_="flat")
    towns, villages, works = cover.towns(parts, water), cover.villages(parts, water), cover.works()
    built = shapely.union_all([*towns, *villages, *works])
    yield from (feature(each, 4, class_="farmland") for each in cover.fields(water, built))
    yield from (feature(each, 4, class_="forest") for each in cover.woods(water, built))
    yield feature(water.reed, class_="reed")
    yield from (feature(each, class_="pond") for each in cover.pans(water, built))
    yield feature(water.lake, class_="lake", name="苇湖")
    yield from (feature(area, class_="reservoir", name=name) for name, area in water.reservoirs)
    yield from (feature(area, class_="river") for _, area, _ in water.rivers)
    yield from (feature(each, class_="built") for each in (*towns, *villages))
    yield from (feature(each, class_="yard") for each in works)


def _endless(water: Water) -> Geometry:
    """The land, going on to the west and east of what is drawn."""
    west, east = (min if side < 0 else max for side in (-1, 1))
    points = shapely.get_coordinates(max(water.land.geoms, key=lambda each: each.area).exterior)
    left = points[np.abs(points[:, 0] - west(X)) < 5][:, 1].min()
    right = points[np.abs(points[:, 0] - east(X)) < 5][:, 1].min()
    sides = [shapely.box(-260_000, left, X[0] + 10, 90_000), shapely.box(X[-1] - 10, right, 260_000, 90_000)]
    return shapely.union_all([water.land, *sides])


def network(water: Water, parts: Parts, ways: list[Way]) -> Iterator[dict[str, object]]:
    """The lines of the base map."""
    for name, _, line in {name: each for name, *each in ((n, n, a, m) for n, a, m in water.rivers[::-1])}.values():
        yield feature(line.simplify(12), class_="river", name=name)
    yield from (feature(each.simplify(10), class_="stream") for each in water.streams)
    merged: dict[tuple[str, str], list[Geometry]] = {}
    for way in ways:
        if way.kind != "road_access":
            merged.setdefault((way.kind, way.name), []).append(way.line)
    for (kind, name), pieces in merged.items():
        whole = shapely.line_merge(shapely.union_all(pieces))
        shown = "road_street" if kind == "road_link" else kind
        for each in shapely.get_parts(whole):
            yield feature(each.simplify(4), class_=shown, name="" if kind in ("road_street", "road_link") else name)
    yield from (feature(line, class_=kind, name=name) for kind, _, name, line in lines.draw())
    yield feature(parts.county, class_="boundary", rank=1)
    yield from (feature(area.boundary.simplify(8), class_="boundary", rank=2) for area in parts.areas.values())
    yield from (feature(spot, class_=kind, name=name) for kind, name, spot in cover.labels(parts))


def roads(ways: list[Way]) -> dict[str, object]:
    """The routable network: ``nodes`` [longitude, latitude]; ``edges`` from, to, length_m, speed_kmh, class, line."""
    number: dict[tuple[float, float], int] = {}
    edges = []
    for way in ways:
        start, end = (number.setdefault(tuple(spot), len(number)) for spot in (way.line.coords[0], way.line.coords[-1]))
        edge: dict[str, object] = {
            "from": start,
            "to": end,
            "length_m": round(way.line.length, 1),
            "speed_kmh": CLASSES[way.kind],
            "class": way.kind,
        }
        if way.name:
            edge["name"] = way.name
        bends = shapely.get_coordinates(way.line.simplify(4))[1:-1]
        if len(bends):
            edge["line"] = [[round(ORIGIN[0] + x / ALONG, 5), round(ORIGIN[1] + y / METRES, 5)] for x, y in bends]
        edges.append(edge)
    nodes = [[round(ORIGIN[0] + x / ALONG, 6), round(ORIGIN[1] + y / METRES, 6)] for x, y in number]
    return {"nodes": nodes, "edges": edges}


def relief(water: Water, folder: Path) -> None:
    """Shaded relief as a picture, its corners, and the heights themselves [m]."""
    light = cover.shade(water)
    flat = float(np.cos(np.radians(48)))
    darker, brighter = np.clip((flat - light) / flat, 0, 1), np.clip((light - flat) / (1 - flat), 0, 1)
    grey = np.where(light < flat, 40, 255).astype(np.uint8)
    alpha = (np.where(water.height > 0, np.maximum(darker * 1.5, brighter * 1.1), 0).clip(0, 1) * 220).astype(np.uint8)
    picture = np.dstack([grey, grey, grey, alpha])[::-1]
    Image.fromarray(picture, "RGBA").quantize(64, method=Image.Quantize.FASTOCTREE).save(
        folder / "terrain.png", optimize=True
    )
    west, east = ORIGIN[0] + (X[0] - 50) / ALONG, ORIGIN[0] + (X[-1] + 50) / ALONG
    south, north = ORIGIN[1] + (Y[0] - 50) / METRES, ORIGIN[1] + (Y[-1] + 50) / METRES
    bounds = [round(each, 6) for each in (west, south, east, north)]
    shape = list(EAST.shape)
    (folder / "terrain.json").write_text(
        json.dumps({"bounds": bounds, "cell_m": 100, "shape": shape}) + "\n", encoding="utf-8"
    )
    np.savez_compressed(folder / "heights.npz", height_dm=np.round(water.height * 10).astype(np.int16))


def people(water: Water, parts: Parts) -> None:
    built = shapely.union_all([*cover.towns(parts, water), *cover.villages(parts, water)])
    x, y, count = things.population(water, parts, built)
    longitude, latitude = ORIGIN[0] + x / ALONG, ORIGIN[1] + y / METRES
    found = {"lon": longitude.astype(np.float32), "lat": latitude.astype(np.float32), "people": count.astype(np.int32)}
    np.savez_compressed(PACK / "map" / "population.npz", **found)
    with (PACK / "wind.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["from_degree", "stability", "speed", "share"])
        table.writerows(things.wind())
