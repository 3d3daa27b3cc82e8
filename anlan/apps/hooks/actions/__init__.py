"""The only writer of hooks: people keep theirs, the worker hands events to them and sends what waits."""

from anlan.apps.hooks.actions.feeding import Feeder
from anlan.apps.hooks.actions.keeping import (
    HookChanges,
    HookSpec,
    add_hook,
    edit_hook,
    pause_hook,
    remove_hook,
    renew_secret,
    resend,
    resume_hook,
    send_test,
)
from anlan.apps.hooks.actions.sending import send_due

__all__ = [
    "Feeder",
    "HookChanges",
    "HookSpec",
    "add_hook",
    "edit_hook",
    "pause_hook",
    "remove_hook",
    "renew_secret",
    "resend",
    "resume_hook",
    "send_due",
    "send_test",
]
