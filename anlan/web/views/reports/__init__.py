"""Pages of reports: what was made, having one made, how far it is, its files."""
