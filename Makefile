# `make demo` and `make test` are all that a new user needs; each sets up `.venv` by itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DO_NOT_TRACK := 1
export SQLMESH__DISABLE_ANONYMIZED_ANALYTICS := 1

.PHONY: demo test lint types pytest check-demo bench-load bench-increment bench-report torture lock clean help bench-link bench-entitlements evidence bench-publish bench-packs superset demo-server

help:
	@echo "make demo        make the demo extracts, load, build, test and write the site to data/site/"
	@echo "make test        everything that guards the project"
	@echo "make check-demo  hold the demo's results against what was planted in its extracts"
	@echo "make torture     kill a run two hundred times, at each named point, and hold its end"
	@echo "make bench-load  time loading a year of every dwelling beside plain DuckDB reading the same"
	@echo "make bench-increment  run with one month more, new or late, against a full run"
	@echo "make bench-report  render the site at first, again, and with one page changed"
	@echo "make bench-link  link a million made-up records of people and say what it cost"
	@echo "make bench-entitlements  run every rule of entitlement over a county's households for a year"
	@echo "make bench-publish  publish two million rows to a PostgreSQL, beside COPY of the same"
	@echo "make bench-packs  look up single households of a build, and build a pack of thousands"
	@echo "make demo-server  start a PostgreSQL with the demo in it, and say who may read what"
	@echo "make superset    import the bundle into the real Apache Superset, and keep what it shows"
	@echo "make evidence    build reports/ with the real Evidence 40.1.8, whose figures the tests compare"
	@echo "make lock        resolve the dependencies again"
	@echo "make clean       remove the demo's data and the build's leftovers"

demo: $(VENV)/.ready
	$(BIN)/lsi demo

# Neither of the first two can use more than one core by itself.
test: $(VENV)/.ready
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target lint types
	@$(MAKE) --no-print-directory pytest

lint: $(VENV)/.ready
	$(BIN)/ruff check scripts tests
	$(BIN)/ruff format --check scripts tests
	$(BIN)/sqlfmt --check --quiet models tests/generic tests/singular analyses
	$(BIN)/sqlfluff lint --disable-progress-bar --nocolor -q models

types: $(VENV)/.ready
	$(BIN)/mypy

pytest: $(VENV)/.ready
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

check-demo: $(VENV)/.ready
	$(BIN)/pytest tests/python/demo

torture: $(VENV)/.ready
	$(BIN)/python scripts/torture.py

bench-increment: $(VENV)/.ready
	$(BIN)/python scripts/bench_increment.py

bench-report: $(VENV)/.ready
	$(BIN)/python scripts/bench_report.py

bench-load: $(VENV)/.ready
	$(BIN)/python scripts/bench_load.py

# uv comes by pip into the clone's own environment, and installs the rest from the lock; every
# file is checked against a hash in the repository. Compiled once here: where Python may not keep
# what it compiles, each command would compile two thousand modules again.
$(VENV)/.ready: requirements.lock requirements-uv.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or later is needed; set PYTHON=... to one" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
		|| { echo "$(PYTHON) cannot make a virtual environment; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

bench-link: $(VENV)/.ready
	PYTHONPATH=tests/python/unit/identity $(BIN)/python -m made_people data/bench/people.parquet --people 435000 --seed 7
	$(BIN)/python scripts/bench_linkage.py data/bench/people.parquet

bench-entitlements: $(VENV)/.ready
	$(BIN)/python scripts/bench_entitlements.py

bench-publish: $(VENV)/.ready
	$(BIN)/python scripts/bench_publish.py

bench-packs: $(VENV)/.ready
	$(BIN)/python scripts/bench_packs.py

demo-server: $(VENV)/.ready
	$(BIN)/python scripts/demo_server.py

# Superset's pins clash with ours, so that it gets an environment of its own under data/.
superset: $(VENV)/.ready
	PYTHONPATH=tests/python/integration:tests/python $(BIN)/python scripts/superset_check.py

# The one target that needs Node: the pages are built there too, and what they say is committed.
evidence: $(VENV)/.ready
	PYTHONPATH=tests/python $(BIN)/python scripts/evidence_build.py

lock: $(VENV)/.ready
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --quiet --upgrade -o requirements.lock

clean:
	rm -rf data target logs
