"""Who sees and does what, at every address of the product."""
