"""Benchmarks: each module has ``run() -> Iterator[dict]``, one dict a figure."""
