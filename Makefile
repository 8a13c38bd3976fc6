# Everything runs in .venv, which `make install` makes from the lock file.
# Needs only Python 3.11+, git and make.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: install demo test test-slow lint typecheck notebooks wheel browser layouts dresses fuzz \
	bench bench-read bench-tag bench-issues bench-voices bench-review bench-mine bench-others \
	bench-discovery bench-conceded bench-cluster bench-flow bench-faults bench-kills bench-page sample lock clean

install: $(STAMP)

$(STAMP): pyproject.toml requirements.lock requirements.hashes
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; set PYTHON=/path/to/it")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps --requirement requirements.hashes
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $(STAMP)

demo: install
	$(BIN)/findings run corpus/sample --out runs/demo

# Each process holds the libraries twice: a machine of many cores would run out of memory.
test: install
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 8 --dist loadfile

test-slow: install
	$(BIN)/python -m pytest -m slow --numprocesses auto --maxprocesses 8

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

typecheck: install
	$(BIN)/mypy

notebooks: install
	$(BIN)/python -m pytest -p nbmake --nbmake --nbmake-timeout=1200 notebooks

wheel: install
	$(BIN)/python -m pytest tests/test_wheel.py -m slow

browser: install
	$(BIN)/python -m pytest -m browser

# A large draw of the layout laboratory: 60 layouts that nobody looked at when the reader was written.
layouts: install
	$(BIN)/python -m tests.layouts.draw --seeds 1001-1060

# A large draw of reports as HTML and text in dresses that nobody looked at.
dresses: install
	$(BIN)/python -m tests.dresses.draw html --seeds 1001-1060
	$(BIN)/python -m tests.dresses.draw html-saved --seeds 1001-1060
	$(BIN)/python -m tests.dresses.draw text --seeds 1001-1060
	$(BIN)/python -m tests.dresses.draw text-converted --seeds 1001-1030

fuzz: install
	$(BIN)/python -m tests.fuzz.readers text --runs 2000
	$(BIN)/python -m tests.fuzz.readers html --runs 2000
	$(BIN)/python -m tests.fuzz.readers pdf --runs 500

# Everything measured anew, on an idle machine; then the page of it and the guide's figures.
bench: bench-read bench-tag bench-mine bench-others bench-cluster bench-flow bench-faults
	$(BIN)/python -m tests.bench.page

bench-read: install
	$(BIN)/python -m tests.bench.bench_read

bench-tag: install
	$(BIN)/python -m pytest -s -m bench tests/bench/bench_tag.py

bench-issues: install
	$(BIN)/python -m tests.bench.bench_issues

# What discovery finds of subjects that are taken out of the catalogue.
bench-discovery: install
	$(BIN)/python -m tests.bench.bench_discovery

# How much of what findings only concede is taken for what they state.
bench-conceded: install
	$(BIN)/python -m tests.bench.bench_conceded

# How much better themes and issues are told with every few voices more; an hour of one core.
bench-voices: install
	$(BIN)/python -m tests.bench.bench_voices

bench-review: install
	$(BIN)/python -m tests.bench.bench_review

bench-mine: install
	$(BIN)/python -m pytest -s -m bench tests/bench/bench_mine.py

bench-others: install
	$(BIN)/python -m tests.bench.bench_others

bench-cluster: install
	$(BIN)/python -m tests.bench.bench_cluster

bench-flow: install
	$(BIN)/python -m tests.bench.bench_flow

bench-faults: install
	$(BIN)/python -m tests.bench.bench_faults

# A run of 2,000 killed twenty times: twenty minutes on two cores.
bench-kills: install
	$(BIN)/python -m tests.bench.bench_kills

bench-page: install
	$(BIN)/python -m tests.bench.page

# The sample corpus and the sample report, made anew from their sources.
sample: install
	$(BIN)/python corpus/generate.py

# Newest versions that fit pyproject.toml, for every platform: plain, to hold others' installations
# to them, and with the hashes of every file, which is what `make install` takes.
LOCK := uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 \
	--no-header --no-annotate --no-emit-index-url --quiet

lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/$(LOCK) --upgrade --output-file requirements.lock
	cp requirements.lock requirements.hashes
	$(BIN)/$(LOCK) --generate-hashes --output-file requirements.hashes

clean:
	rm -rf .venv runs build dist .mypy_cache .pytest_cache .ruff_cache
