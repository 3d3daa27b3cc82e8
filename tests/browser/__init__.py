"""The product as its users see it: the real processes, a real Chromium."""
