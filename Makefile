# make build: the packages and the page; make test: all tests; make check: style, types, stale output;
# make pythons: the quick tests on every Python of the machine; make live: a running Postfix is
# asked, as root on Linux, and more SMTP clients are run; make scale: DuckDB and Spark count a log;
# make packages: what a release publishes; make release-dry-run: all of a release but the last step.
SHELL := /bin/sh
UV := $(or $(shell command -v uv 2>/dev/null),.tools/bin/uv)
BIN := .venv/bin
APIDIFF := .tools/bin/apidiff
ACTIONLINT := .tools/bin/actionlint
NODE := tests/node/node_modules/.package-lock.json
GO = $(firstword $(wildcard .venv/lib/python*/site-packages/go/bin/go) go)
LOCK := pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate
export VIRTUAL_ENV := $(CURDIR)/.venv
export UV_PYTHON_DOWNLOADS := never

.PHONY: build test pythons check live fuzz bench scale lock clean packages site verdict newest \
	release-check release-dry-run publish-python publish-npm publish-go publish-github

build: .venv/ready
	$(BIN)/codegen build

test: .venv/ready $(NODE) $(APIDIFF)
	$(BIN)/pytest --numprocesses auto --dist loadfile
	$(BIN)/python -m tests.pythons

pythons: .venv/ready
	$(BIN)/python -m tests.pythons

check: .venv/ready $(NODE) $(ACTIONLINT)
	$(BIN)/black --check --quiet codegen .ci/release tests
	$(BIN)/black --check --quiet --config=/dev/null templates/python
	$(BIN)/ruff check --quiet codegen .ci/release templates tests
	$(BIN)/mypy
	$(BIN)/codegen validate
	$(BIN)/codegen build --check
	$(ACTIONLINT) -shellcheck $(BIN)/shellcheck
	$(BIN)/shellcheck .ci/run .ci/postfix .ci/browser
	$(BIN)/zizmor --offline --quiet --pedantic .github action.yml

# What a release publishes, in dist/: packages of Python, TypeScript and Go, with their sums.
packages: build $(NODE)
	PYTHONPATH=.:.ci $(BIN)/python -m release.packages

# The site as a folder to publish anywhere: site/
site: build $(NODE)
	PYTHONPATH=.:.ci $(BIN)/python -m release.site

# Is the version big enough for what changed since the last release?
verdict: .venv/ready
	PYTHONPATH=.:.ci $(BIN)/python -m release.gate verdict

# Could this commit be released? TAG: the tag that starts it.
release-check: build
	PYTHONPATH=.:.ci $(BIN)/python -m release.gate check

# All of a release, in throw-away clones; nothing is published.
release-dry-run: build $(NODE)
	PYTHONPATH=.:.ci $(BIN)/python -m release.rehearsal

# What .github/workflows/release.yml runs last. DRY_RUN=1: all but the last step.
publish-python: $(UV)
	PYTHONPATH=.:.ci UV=$(UV) python3 -m release.publish python

publish-npm publish-go publish-github:
	PYTHONPATH=.:.ci python3 -m release.publish $(@:publish-%=%)

# The newest Postfix against the catalog. ARGUMENTS: --live asks the installed one too, --issue
# opens an issue with what is found.
newest: .venv/ready $(NODE)
	PYTHONPATH=.:.ci $(BIN)/python -m release.newest $(ARGUMENTS)

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

# It compares what Go packages export. Where it cannot be had, its test says so.
$(APIDIFF): | .venv/ready
	-GOBIN=$(CURDIR)/.tools/bin GOFLAGS=-mod=mod $(GO) install golang.org/x/exp/cmd/apidiff@v0.0.0-20261113113407-e3970619a1a4

# PyPI has it only as a program that downloads another; Go's module proxy has its source.
$(ACTIONLINT): | .venv/ready
	GOBIN=$(CURDIR)/.tools/bin GOFLAGS=-mod=mod $(GO) install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12

.venv/bench: .venv/ready requirements-bench.lock
	$(UV) pip install --quiet --require-hashes --compile-bytecode -r requirements-bench.lock
	touch $@

.venv/scale: .venv/ready requirements-scale.lock
	$(UV) pip install --quiet --require-hashes --compile-bytecode -r requirements-scale.lock
	touch $@

$(NODE): tests/node/package.json tests/node/package-lock.json
	cd tests/node && npm ci --silent --no-audit --no-fund --ignore-scripts
	touch $@
