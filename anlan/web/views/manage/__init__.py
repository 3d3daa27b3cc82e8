"""管理: places, people, packs, sources, limits, retention and records, for the manager of a bureau's system."""
