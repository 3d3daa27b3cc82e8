"""The pages: one module per screen. A view asks selectors, calls one action at most, and fills a template."""
