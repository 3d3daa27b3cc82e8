"""Where the county lies: metres east and north of its origin as degrees."""

import math

METRES = 111_320.0  # of one degree of latitude


class Ground:
    def __init__(self, origin: tuple[float, ...]) -> None:
        self._longitude, self._latitude = origin
        self._along = METRES * math.cos(math.radians(self._latitude))

    def degrees(self, x: float, y: float) -> list[float]:
        """Longitude and latitude [degree], rounded to a decimetre."""
        return [round(self._longitude + x / self._along, 6), round(self._latitude + y / METRES, 6)]

    def metres(self, longitude: float, latitude: float) -> tuple[float, float]:
        return (longitude - self._longitude) * self._along, (latitude - self._latitude) * METRES
