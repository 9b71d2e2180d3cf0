# The two commands of the README are `make demo` and `make test`; each sets up what it needs.
PYTHON ?= python3
PORT ?= 8000
DATA ?= demo-data
MEDIA ?=
.PHONY: demo test torture mutants bench fuzz lock clean

demo:
	@$(PYTHON) tools/set_up.py run
	@exec .venv/bin/overt demo --data "$(DATA)" --listen "127.0.0.1:$(PORT)" $(MEDIA)

test:
	@$(PYTHON) tools/set_up.py test
	@.venv/bin/python tools/run_tests.py

torture:
	@$(PYTHON) tools/set_up.py test
	@.venv/bin/python tools/run_tests.py --torture

# Breaks the product in one small way after the other and sees whether the tests notice. Not in CI: it takes long.
mutants:
	@$(PYTHON) tools/set_up.py test
	@.venv/bin/python tools/mutants.py $(MUTANTS)

bench:
	@$(PYTHON) tools/set_up.py test
	@.venv/bin/python -m benchmarks $(BENCH)

# A while of looking for bytes that break a reader, a minute for each. Not in CI: it never says that it is done.
FUZZ ?= received payloads report description head challenge parameter_set segment
FUZZ_SECONDS ?= 60
fuzz:
	@test -x build/fuzz/bin/python || $(PYTHON) -m venv build/fuzz
	@build/fuzz/bin/python -m pip -q install "atheris==3.0.0"
	@for target in $(FUZZ); do echo "$$target"; (cd build/fuzz && PYTHONPATH=../../src:../../tests bin/python -m fuzz.hunt \
	  "$$target" corpus -max_total_time=$(FUZZ_SECONDS) -verbosity=0 -timeout=10) || exit 1; done

# Needs uv. Addresses of an index never go into a lock file.
lock:
	uv pip compile pyproject.toml requirements/build.in --extra picture --extra postgres --group dev \
	  --generate-hashes --no-header --no-annotate --python-version 3.11 -o requirements/dev.txt
	uv pip compile pyproject.toml requirements/build.in --extra picture -c requirements/dev.txt \
	  --generate-hashes --no-header --no-annotate --python-version 3.11 -o requirements/run.txt

clean:
	rm -rf .venv build frontend/node_modules src/overt/web/static/overt
