"""Enterprises: the combined search, the file of one, its rows and their forms, its export; the desk."""
