"""The pages: what they ask of the database, what they refuse."""
