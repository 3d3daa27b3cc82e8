"""Where something is, told by two measured values: the units name them."""

#: Units that make a tag of a moving object its longitude and its latitude (degrees, CGCS2000 or WGS 84).
LONGITUDE, LATITUDE = "°E", "°N"
