"""What every process of the product waits for when it starts, and what only those wait for who need it."""

import subprocess
import sys

HEAVY = ("contourpy", "docx", "numba", "openpyxl", "PIL", "reportlab", "scipy", "shapely")
LOOK = """
import sys
import django
django.setup()
print(*sys.modules)
import anlan.config.asgi
from django.urls import get_resolver
get_resolver().url_patterns
print(*sys.modules)
"""


def test_a_process_starts_without_the_libraries_of_files_and_models() -> None:
    done = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True)
    at_first, with_every_page = (set(line.split()) for line in done.stdout.splitlines())
    assert at_first.isdisjoint(HEAVY)
    assert with_every_page.isdisjoint(("docx", "numba", "openpyxl", "scipy")), "only who computes or asks for a file"
