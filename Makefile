# setup → check → test is the everyday path; prove takes long; demo shows the product.
export UV_PYTHON_DOWNLOADS ?= never
unexport PYTHONDONTWRITEBYTECODE  # the tests start hundreds of processes: compiled modules halve their start
RUN = uv run --no-sync
WALK = tests/access/test_every_route.py::test_everybody_sees_and_does_what_their_grants_say_and_nothing_else
DATABASE_TESTS = tests/core tests/ledger tests/monitoring $(WALK) tests/live/test_tail.py

.PHONY: setup checked-and-compiled check lint types test test-sqlite test-postgres prove demo bench assets messages screenshots hooks

setup:  ## everything a contributor needs, from the lock files
	uv sync

assets:  ## styles, scripts and translations, only if their sources changed
	$(RUN) python hatch_build.py

check: lint types  ## all that can be seen without running

lint:
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) lint-imports
	$(RUN) djlint --lint --quiet anlan
	$(RUN) anlan packs check

types:
	$(RUN) mypy anlan
	$(RUN) python hatch_build.py types

test: checked-and-compiled test-sqlite test-postgres  ## what .ci/run calls

checked-and-compiled:  # once, on the core that the checks leave free, instead of in every process of the tests
	$(RUN) python -m anlan.cli.compiling & compiling=$$!; $(MAKE) check && wait $$compiling

test-sqlite:
	$(RUN) pytest -n 3 -m "not prove"

test-postgres:  ## the database tests once more, on PostgreSQL
	$(RUN) python -m tests.postgres pytest -n 2 -m "not prove" $(DATABASE_TESTS)

prove:  ## kills by the dozen, scale, soak: before a promise is called kept
	$(RUN) python -m tests.postgres pytest -m prove --timeout=3600

demo:  ## an invented county, live
	$(RUN) anlan demo

bench:
	$(RUN) anlan bench

messages:  ## collect what is to be translated into English
	$(RUN) python scripts/messages.py

screenshots:
	$(RUN) python docs/screenshots.py

hooks:
	$(RUN) pre-commit install
