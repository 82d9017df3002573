# Each target is one line that a person would type; the steps are in scripts/.
.PHONY: setup run test check fmt bench faults simulate lock

setup: .venv/.installed
.venv/.installed: requirements-dev.lock pyproject.toml scripts/install
	scripts/install

run: setup
	.venv/bin/vendue run --demo
test: setup
	scripts/test $(ARGS)
check: setup
	scripts/check
fmt: setup
	scripts/fmt
bench: setup
	scripts/bench $(ARGS)
faults: setup
	.venv/bin/python -m pytest -m soak -s $(ARGS)
simulate: setup
	.venv/bin/python -m tests.simulation --seeds 20000
lock:
	scripts/lock
