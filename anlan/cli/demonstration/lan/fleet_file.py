"""What drives the county's vehicles and boats needs to know, noted in the data folder."""

from dataclasses import dataclass

FILE = "fleet.json"


@dataclass(frozen=True)
class Fleet:
    """The vehicles of one enterprise; ``way``: road or sea; ``home`` in degrees."""

    source: str
    way: str
    home: tuple[float, float]
    count: int
