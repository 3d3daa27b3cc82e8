"""Draws everything and writes the files; takes two or three minutes."""

import json
import time

from scripts.county import lines, paint, parts, plots, things, water, ways
from scripts.county.parts import PACK


def main() -> None:
    time.monotonic()

    def say(what: str) -> None:
        pass

    land = water.draw()
    divided = parts.draw(land)
    say(f"{len(divided.grids)} grids of {len(divided.towns)} towns, {divided.county.area / 1e6:.0f} km²")
    roads = ways.draw(land, divided)
    say(f"{len(roads)} pieces of road")
    rails = [line for kind, _, _, line in lines.draw() if kind == "rail"]
    sites = plots.draw(land, divided, roads, rails)
    say(f"{len(sites)} sites")
    network = plots.joined(roads, sites)
    found = list(things.public(land, divided, sites, roads))
    cut = lines.segments(divided)
    say(f"{len(found)} public objects, {len(cut)} segments")
    drawn = PACK / "map"
    paint.save(PACK / "outlines.geojson", paint.outlines(divided))
    paint.save(PACK / "objects.geojson", paint.objects(found, cut))
    paint.sites(sites)
    paint.save(drawn / "1-ground.geojson", paint.ground(land, divided))
    paint.save(drawn / "2-network.geojson", paint.network(land, divided, roads))
    text = json.dumps(paint.roads(network), ensure_ascii=False, separators=(",", ":"))
    (drawn / "roads.json").write_text(text + "\n", encoding="utf-8")
    paint.relief(land, drawn)
    paint.people(land, divided)
    say("written")


if __name__ == "__main__":
    main()
