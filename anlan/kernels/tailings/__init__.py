"""Tailings ponds: design storm and flood, storage, discharge of the drains, level-pool routing, reach of a dam break.

SI units unless a name says otherwise: levels [m], volumes [m3], flows [m3/s], times [s]; rain in mm, catchments in km2,
as hydrologists write them. Pure NumPy and SciPy.
"""
