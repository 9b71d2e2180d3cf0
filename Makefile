# The two commands of the README are `make demo` and `make test`; each sets up what it needs.
PYTHON ?= python3
PORT ?= 8000
DATA ?= demo-data
MEDIA ?=
.PHONY: sbom audit demo test torture mutants bench fuzz lock clean

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

# What is in the product, as CycloneDX: build/sbom/python.json and build/sbom/frontend.json. From the lock files alone.
build/supply/bin/python:
	@$(PYTHON) -m venv build/supply
	@build/supply/bin/python -m pip -q install "cyclonedx-bom==7.3.1" "pip-audit==2.10.1"
sbom: build/supply/bin/python
	@mkdir -p build/sbom
	@build/supply/bin/cyclonedx-py requirements requirements/run.txt --pyproject pyproject.toml --mc-type application \
	  --output-reproducible --of JSON -o build/sbom/python.json
	@cd frontend && npm sbom --package-lock-only --omit dev --sbom-format cyclonedx > ../build/sbom/frontend.json

# Whether a fault is known of anything in it. Asks the public lists of faults, so it needs a way out; not in CI.
audit: build/supply/bin/python
	@build/supply/bin/pip-audit --strict --require-hashes --disable-pip -r requirements/run.txt
	@cd frontend && npm audit --omit dev

# Needs uv. Addresses of an index never go into a lock file.
lock:
	uv pip compile pyproject.toml requirements/build.in --extra picture --extra postgres --group dev \
	  --generate-hashes --no-header --no-annotate --python-version 3.11 -o requirements/dev.txt
	uv pip compile pyproject.toml requirements/build.in --extra picture -c requirements/dev.txt \
	  --generate-hashes --no-header --no-annotate --python-version 3.11 -o requirements/run.txt

clean:
	rm -rf .venv build frontend/node_modules src/overt/web/static/overt
