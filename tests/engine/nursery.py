"""Forks engines on the plant when told to by a line on stdin; see ``client.Nursery``."""

import json
import os
import sys
from pathlib import Path

from anlan.engine import crash
from anlan.kernels import detect
from tests.engine.plant import main


def start(folder: str, order: str, broker: str) -> int:
    child = os.fork()
    if child:
        return child
    try:
        crash.arm(order)
        errors = os.open(f"{folder}/stderr.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(errors, 2)
        os.dup2(errors, 1)
        main(Path(folder), broker)
    except SystemExit as error:
        sys.stderr.write(f"{error}\n")
        os._exit(1)
    except BaseException:  # noqa: BLE001 - a child must not fall back into its parent's loop
        sys.excepthook(*sys.exc_info())
        os._exit(2)
    os._exit(0)


def poll(pid: str) -> str:
    done, status = os.waitpid(int(pid), os.WNOHANG)
    return str(os.waitstatus_to_exitcode(status)) if done else ""


if __name__ == "__main__":
    detect.warm()
    for line in sys.stdin:
        word, *rest = json.loads(line)
        sys.stdout.write(f"{start(*rest) if word == 'start' else poll(*rest)}\n")
        sys.stdout.flush()
