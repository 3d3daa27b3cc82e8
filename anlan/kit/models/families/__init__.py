"""The models, one module a family; a module put in this folder is known at once."""
