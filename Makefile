# Each target is one line that a person would type; the steps are in scripts/.
.PHONY: setup run test check fmt bench docs pictures faults simulate lock

setup: .venv/.installed src/vendue/web/index.html
.venv/.installed: requirements-dev.lock pyproject.toml scripts/install
	scripts/install
src/vendue/web/index.html: $(shell find web -path web/node_modules -prune -o -type f -print)
	scripts/build-web

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
docs: .venv/.installed
	scripts/docs
pictures: setup
	scripts/pictures $(ARGS)
faults: setup
	.venv/bin/python -m pytest -m soak -s $(ARGS)
simulate: setup
	.venv/bin/python -m tests.simulation --seeds 20000
lock:
	scripts/lock
