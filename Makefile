# setup → check → test is the everyday path; prove takes long; demo shows the product.
export UV_PYTHON_DOWNLOADS ?= never
unexport PYTHONDONTWRITEBYTECODE  # the tests start hundreds of processes: compiled modules halve their start
RUN = uv run --no-sync
#: Groups of tests, the longest first. Each runs in one process, which imports and collects only its own.
TESTS = test-pages test-browser test-running test-numbers test-postgres
RUNNING = $(addprefix tests/,demo live intake backup operations)
NUMBERS = $(addprefix tests/,accident consequence consequences detect engine history models parks qra reports tailings validation)
WALK = tests/access/test_every_route.py::test_everybody_sees_and_does_what_their_grants_say_and_nothing_else
DATABASE_TESTS = tests/core tests/ledger tests/monitoring $(WALK) tests/live/test_tail.py

.PHONY: setup check lint types test kernels $(TESTS) prove demo bench assets messages screenshots hooks

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
	$(RUN) mypy $(if $(CI),--cache-dir=/dev/null) anlan  # to write a cache that nobody will read takes a fifth longer
	$(RUN) python hatch_build.py types

test:  ## what .ci/run calls: the checks and all groups of tests beside each other, each one's words in one piece
	$(MAKE) --jobs=4 --output-sync=target --keep-going check $(TESTS)

kernels:  # compiled once instead of in every process of the tests
	$(RUN) python -c "from anlan.cli import compiling; compiling.compile_all()"

test-browser: kernels  ## the product in Chromium
	$(RUN) pytest -m "not prove" tests/browser

test-running: kernels  ## the product from outside: its processes, the demo
	$(RUN) pytest -m "not prove" $(RUNNING)

test-pages: kernels  ## everything that no other group names
	$(RUN) pytest -m "not prove" $(addprefix --ignore=,tests/browser $(RUNNING) $(NUMBERS))

test-postgres: kernels  ## the database tests once more, on PostgreSQL
	$(RUN) python -m tests.postgres pytest -m "not prove" $(DATABASE_TESTS)

test-numbers: kernels  ## models, risk, detection, history
	$(RUN) pytest -m "not prove" $(NUMBERS)

prove:  ## kills by the dozen, scale, soak: before a promise is called kept
	$(RUN) python -m tests.postgres pytest -m "prove or hypothesis" --hypothesis-profile=proof --timeout=3600

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
