"""What the first visitor would otherwise wait for, made ready in a thread as soon as the web process runs: the
addresses with all that they import, the templates of the first pages, and every place in memory for the map."""

import logging
import threading

from django.db import DatabaseError, connections
from django.template.loader import get_template
from django.urls import get_resolver

from anlan.kit import memory
from anlan.web.atlas import keeper

logger = logging.getLogger(__name__)

FIRST = ("account/login.html", "web/map.html", "web/duty.html")


def start() -> threading.Thread:
    thread = threading.Thread(target=warm, name="warm", daemon=True)
    thread.start()
    return thread


def warm() -> None:
    """Whatever cannot be had yet is left to the first request, which says what is wrong."""
    try:
        _ = get_resolver().url_patterns
        for name in FIRST:
            get_template(name)
        keeper.current()
        memory.settle()
    except DatabaseError as error:
        logger.info("not warmed up: %s", error)
    finally:
        connections.close_all()
