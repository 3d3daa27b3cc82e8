"""Draws the land of the invented county 澜县 and writes it beside the pack ``demo/lan``.

    python -m scripts.county

``ground`` has the grid of heights and the noise, ``water`` coast, rivers and reservoirs, ``parts`` towns and grids,
``ways`` roads and streets, ``lines`` railway, power and pipelines, ``plots`` the sites beside roads, ``cover`` woods,
fields and built-up land, ``things`` public objects, people and wind, ``paint`` the files. Everything is in metres east
and north of the county's origin, from one fixed seed. The files are shipped, as drawing takes some minutes.
"""
