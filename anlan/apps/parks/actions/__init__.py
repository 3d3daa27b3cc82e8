"""The only writer of parks: grades, gates and what passes them, facilities, groups, lists, and projects.

Who acts is asked for ``park.edit`` at the park, ``gate.pass`` at its gates, ``project.edit`` and ``project.sign`` for
projects. A grade is computed, never written; an opinion is signed and never changed.
"""

from anlan.apps.parks.actions.desk import (
    add_facility,
    add_group,
    add_listed,
    edit_facility,
    edit_group,
    edit_profile,
    end_facility,
    end_group,
    end_listed,
)
from anlan.apps.parks.actions.gates import (
    Report,
    add_gate,
    end_gate,
    enter,
    give_pass,
    leave,
    set_gate,
    withdraw_pass,
)
from anlan.apps.parks.actions.grading import assess_park, withdraw_grading
from anlan.apps.parks.actions.installations import (
    add_installations,
    edit_installation,
    end_installation,
    open_project_now,
    propose_installations,
)
from anlan.apps.parks.actions.projects import (
    add_paper,
    add_project,
    draw_project,
    edit_project,
    end_paper,
    reopen_project,
    withdraw_project,
)
from anlan.apps.parks.actions.signing import ask_check, check_project, sign

__all__ = [
    "Report",
    "add_facility",
    "add_gate",
    "add_group",
    "add_installations",
    "add_listed",
    "add_paper",
    "add_project",
    "ask_check",
    "assess_park",
    "check_project",
    "draw_project",
    "edit_facility",
    "edit_group",
    "edit_installation",
    "edit_profile",
    "edit_project",
    "end_facility",
    "end_gate",
    "end_group",
    "end_installation",
    "end_listed",
    "end_paper",
    "enter",
    "give_pass",
    "leave",
    "open_project_now",
    "propose_installations",
    "reopen_project",
    "set_gate",
    "sign",
    "withdraw_grading",
    "withdraw_pass",
    "withdraw_project",
]
