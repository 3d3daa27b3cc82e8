"""Rules as data. A pack is one YAML file (with CSV tables beside it) that says which standard it comes from, which
clause, from when to when it holds, and how sure we are of it. Code asks a family for the data that hold on a date:

>>> from datetime import date
>>> from anlan.packs.families import levels
>>> from anlan.rules.levels import Level
>>> levels.load(date(2026, 11, 1)).word("plan", Level.SERIOUS).text
'重大'

``model`` says what a pack is, ``binder`` reads YAML and CSV into typed values and remembers every line, ``loader``
picks the version of a date, ``linter`` finds every problem, ``families`` describes the shape of each kind of pack.
"""
