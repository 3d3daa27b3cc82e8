"""Django's SQLite, whose busy writers let others in."""
