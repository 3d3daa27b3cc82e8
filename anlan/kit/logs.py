"""Log lines of every process: plain text, or with ``ANLAN_LOG=json`` one JSON object a line.

A line says when, how grave, who and what, and which request it belongs to. It never holds what people sent: of an
exception it tells type, place in the code and the first line of its text (PostgreSQL puts whole rows into the others);
while a request is answered also nothing that stands there in quotes, which may be what somebody typed.
"""

import faulthandler
import json
import logging
import os
import re
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

LONGEST = 2_000  # characters of a message; of an exception's text a quarter
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”")

#: The request that is being answered here; empty outside of one.
request_id: ContextVar[str] = ContextVar("request_id", default="")

_part = "anlan"


def as_json() -> bool:
    return os.environ.get("ANLAN_LOG") == "json"


def begin(part: str) -> None:
    """Name this process in its lines; in JSON what nobody catches becomes a line, too. On SIGUSR1 it says where each
    of its threads stands, without names or values, and goes on: for one that does not answer."""
    global _part
    _part = part
    if hasattr(faulthandler, "register") and sys.__stderr__ is not None:
        faulthandler.register(signal.SIGUSR1, file=sys.__stderr__, all_threads=True)
    if as_json():
        sys.excepthook = _uncaught
        threading.excepthook = lambda fallen: _uncaught(fallen.exc_type, fallen.exc_value, fallen.exc_traceback)


def formatter() -> logging.Formatter:
    return JsonLines() if as_json() else PlainLines()


def config() -> dict[str, Any]:
    """For ``logging.config.dictConfig``: everything to standard error, and only what somebody should look at."""
    quiet = {"handlers": [], "propagate": False, "level": "CRITICAL"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "anlan": {"level": "INFO"},
            "django": {"handlers": [], "level": "WARNING"},
            "axes": quiet,  # names whoever mistypes a password; the audit rows say it, sealed
        },
    }


class JsonLines(logging.Formatter):
    """``{"time", "level", "logger", "part", "message"}``, and ``request_id`` and ``exception`` where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        said = _line(_time(record.created), record.levelname.lower(), record.name, _message(record))
        if identity := request_id.get():
            said["request_id"] = identity
        if text := _raised(record):
            said["exception"] = text
        return json.dumps(said, ensure_ascii=False)


class PlainLines(logging.Formatter):
    """The same for people: one line, the exception below it."""

    def format(self, record: logging.LogRecord) -> str:
        identity = f" [{request_id.get()}]" if request_id.get() else ""
        said = _message(record).replace("\n", "\\n")
        line = f"{_time(record.created)} {record.levelname} {record.name}{identity}: {said}"
        raised = _raised(record)
        return f"{line}\n{raised}" if raised else line


def passed_on(part: str, line: str) -> str:
    """A line that another process printed: as it is if it is one of ours in JSON, else with that process's name."""
    return outside(part, line) if as_json() else f"{part:<8}| {line}"


def outside(part: str, line: str) -> str:
    """A line that did not come through a logger, in the form that is asked for."""
    if not as_json() or line.startswith('{"time": '):
        return line
    said = _line(_time(datetime.now(UTC).timestamp()), "info", "output", line) | {"part": part}
    return json.dumps(said, ensure_ascii=False)


def exception_text(error: BaseException) -> str:
    """Where it was raised and what it was, with what caused it first."""
    return "\n".join(line for each in _causes(error) for line in _told(each))


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    each: BaseException | None = error
    while each is not None and each not in found:
        found.append(each)
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
    return found[::-1]


def _told(error: BaseException) -> Iterator[str]:
    yield from (line.rstrip("\n") for line in traceback.format_tb(error.__traceback__))
    yield f"{type(error).__qualname__}: {_discreet(str(error))}".removesuffix(": ")


def _discreet(text: str) -> str:
    first = text.strip().split("\n", 1)[0][: LONGEST // 4]
    return _QUOTED.sub("'…'", first) if request_id.get() else first


def _message(record: logging.LogRecord) -> str:
    if isinstance(record.msg, BaseException):
        return type(record.msg).__qualname__
    return record.getMessage()[:LONGEST]


def _raised(record: logging.LogRecord) -> str:
    error = record.exc_info[1] if record.exc_info else None
    return exception_text(error) if error else ""


def _line(time: str, level: str, logger: str, message: str) -> dict[str, str]:
    return {"time": time, "level": level, "logger": logger, "part": _part, "message": message}


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: object) -> None:
    if issubclass(kind, KeyboardInterrupt | SystemExit) or error is None:
        return
    logging.getLogger("anlan").critical("the process or one of its threads falls", exc_info=error)
