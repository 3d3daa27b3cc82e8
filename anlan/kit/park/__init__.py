"""A park's risk from one file: read it (``inputs``), make its footprints (``footprints``), put them together
(``assembly``), compute it with a cache (``compute``), and write what came out (``geotiff``, ``tables``, ``pictures``,
``report``).
"""
