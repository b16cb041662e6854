# make build: the packages and the page; make test: all tests; make check: style, types, stale output;
# make pythons: the quick tests on every Python of the machine; make live: a running Postfix is
# asked, as root on Linux, and more SMTP clients are run; make scale: DuckDB and Spark count a log.
SHELL := /bin/sh
UV := $(or $(shell command -v uv 2>/dev/null),.tools/bin/uv)
BIN := .venv/bin
NODE := tests/node/node_modules/.package-lock.json
LOCK := pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate
export VIRTUAL_ENV := $(CURDIR)/.venv
export UV_PYTHON_DOWNLOADS := never

.PHONY: build test pythons check live fuzz bench scale lock clean

build: .venv/ready
	$(BIN)/codegen build

test: .venv/ready $(NODE)
	$(BIN)/pytest --numprocesses auto --dist loadfile
	$(BIN)/python -m tests.pythons

pythons: .venv/ready
	$(BIN)/python -m tests.pythons

check: .venv/ready $(NODE)
	$(BIN)/black --check --quiet codegen tests
	$(BIN)/black --check --quiet --config=/dev/null templates/python
	$(BIN)/ruff check --quiet codegen templates tests
	$(BIN)/mypy
	$(BIN)/codegen validate
	$(BIN)/codegen build --check

live: .venv/ready $(NODE)
	$(BIN)/python -m tests.live
	$(BIN)/pytest -m more_clients tests/clients

# SECONDS and SEED: how long, and where to begin.
fuzz: .venv/ready $(NODE)
	$(BIN)/python -m tests.hostile --seconds $(or $(SECONDS),600) --seed $(or $(SEED),0)

bench: .venv/ready $(NODE) .venv/bench
	$(BIN)/python -m tests.bench

# MILLIONS: lines of the log that DuckDB and Spark count on one core and on two, in TURNS of which
# the best counts. Needs Java and taskset.
scale: .venv/ready .venv/scale
	$(BIN)/python -m tests.scale --millions $(or $(MILLIONS),3) --turns $(or $(TURNS),1)

# Writes the lock files again, with the newest versions that pyproject.toml allows.
lock: $(UV)
	$(UV) $(LOCK) --group uv -o requirements-uv.lock
	$(UV) $(LOCK) pyproject.toml --group dev -o requirements.lock
	$(UV) $(LOCK) --group bench --constraint requirements.lock -o requirements-bench.lock
	$(UV) $(LOCK) --group scale --constraint requirements.lock -o requirements-scale.lock

clean:
	rm -rf .venv .tools tests/node/node_modules

.tools/bin/uv: requirements-uv.lock
	python3 -m venv .tools
	.tools/bin/pip install --quiet --require-hashes --requirement requirements-uv.lock
	touch $@

.venv/ready: pyproject.toml requirements.lock | $(UV)
	$(UV) venv --quiet --allow-existing --python '>=3.11' .venv
	$(UV) pip sync --quiet --require-hashes --compile-bytecode requirements.lock
	$(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

.venv/bench: .venv/ready requirements-bench.lock
	$(UV) pip install --quiet --require-hashes --compile-bytecode -r requirements-bench.lock
	touch $@

.venv/scale: .venv/ready requirements-scale.lock
	$(UV) pip install --quiet --require-hashes --compile-bytecode -r requirements-scale.lock
	touch $@

$(NODE): tests/node/package.json tests/node/package-lock.json
	cd tests/node && npm ci --silent --no-audit --no-fund --ignore-scripts
	touch $@
