# Everything for people who work on the code. `make` alone lists it; nothing has to be set up first.
# People who only use packager install the wheel and need none of this.

VENV := .venv
BIN := $(VENV)/bin
OTHER := .venv-other
READY := $(VENV)/.ready
PYTEST := $(BIN)/python -m pytest -q
# In two halves, which share nothing: workers of xdist would each collect all, and report a lot
FAST := -p no:xdist -m "not slow and not swarm and not tool"
# One process more than cores: a third of the time nodes and browsers are waited for
ALL := -n $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1) --maxprocesses 5 --dist worksteal
# Programs that judge our output, each with the Debian package that holds it
JUDGES := minisign:minisign ssh-keygen:openssh-client transmission-show:transmission-cli \
	aria2c:aria2 qbittorrent-nox:qbittorrent-nox \
	rtorrent:rtorrent mkvmerge:mkvtoolnix mediainfo:mediainfo exiftool:libimage-exiftool-perl \
	strace:strace systemd-analyze:systemd ip:iproute2 mpg123:mpg123 mandoc:mandoc java:default-jre-headless unzip:unzip curl:curl mutool:mupdf-tools \
	chromium:chromium firefox-esr:firefox-esr node:nodejs npm:npm \
	/usr/share/java/epubcheck.jar:epubcheck
SYNC := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
STATIC := $(MAKE) --no-print-directory --keep-going -j 2 $(SYNC)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
# Where it is set, each process of the tests would compile all of us anew
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help venv demo check test tools bench bench-seed swarm years fuzz versions man wheel clean
.PHONY: lint format-check types layers spelling fast-1 fast-2

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 14

demo: $(READY) ## the whole chain on samples/, in a temporary home, on loopback
	@$(BIN)/packager demo

check: $(READY) ## the fast gate: style, types, layers, spelling, fast tests
	@$(STATIC) fast-1 fast-2 types lint format-check layers spelling
	@echo "check: all good"

test: $(READY) ## the whole gate, as CI runs it
	@if [ "$$CI" = true ]; then $(MAKE) --no-print-directory tools || true; fi
	@$(STATIC) types lint format-check layers spelling
	@echo "tests: all of them"
	@$(PYTEST) $(ALL)

venv: $(READY) ## make .venv with everything in it

tools: ## install the Debian programs that judge our output
	@missing=; for judge in $(JUDGES); do tool=$${judge%%:*}; \
		[ -e "$$tool" ] || command -v $$tool >/dev/null || missing="$$missing $${judge##*:}"; done; \
	if [ -z "$$missing" ]; then echo "tools: all there"; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "tools: installing$$missing"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
		apt-get install -qq -y --no-install-recommends $$missing >/dev/null; \
	else \
		echo "tools: some are missing; install them with"; \
		echo "  sudo apt-get install$$missing"; exit 1; \
	fi

bench: $(READY) ## our speed beside ffmpeg, sha256sum and minisign (1 GiB, some minutes)
	@$(BIN)/python tests/bench.py

bench-seed: $(READY) ## the seed node beside a bare session, qBittorrent, rTorrent and aria2; 5,000 releases
	@$(BIN)/python tests/bench_seed.py

swarm: $(READY) ## a publisher, 5 nodes, 20 leechers in a slow, lossy network; nodes are killed
	@$(BIN)/python tests/big_swarm.py

years: $(READY) ## half an hour of all that a node does in years: its memory and files do not grow
	@$(BIN)/python tests/years.py --minutes 30

fuzz: $(READY) ## 200,000 damaged files through the verifier, then an hour through every other parser
	@$(BIN)/python tests/fuzz.py --count 200000 --seed 1
	@$(BIN)/python tests/fuzz_safety.py --minutes 60 --seed 1 --record fuzz.json

man: $(READY) ## write docs/packager.1, the manual page, from the words of --help
	@$(BIN)/packager manual > docs/packager.1

versions: $(READY) ## make every look with a second Python too: the same bytes
	@OTHER_PYTHON="$(OTHER_PYTHON)" .ci/other-venv $(OTHER) $(BIN)/python
	@$(PYTEST) tests/test_every_look.py

wheel: $(READY) ## dist/*.whl, the same bytes for the same commit
	@SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) \
		$(BIN)/python -m build --wheel --no-isolation --outdir dist . >/dev/null
	@ls dist/*.whl

clean: ## throw away .venv, caches and dist
	rm -rf $(VENV) $(OTHER) .cache .coverage* .hypothesis build dist

# Parts of `check`

fast-1 fast-2:
	@echo "fast tests, half $(@:fast-%=%)"; PACKAGER_QUICK=$(@:fast-%=%)/2 $(PYTEST) $(FAST)
types:
	@echo "mypy"; $(BIN)/mypy --no-error-summary
lint:
	@echo "ruff check"; $(BIN)/ruff check -q
format-check:
	@echo "ruff format"; $(BIN)/ruff format --check -q
layers:
	@echo "lint-imports"; out=$$($(BIN)/lint-imports 2>&1) || { echo "$$out"; exit 1; }
spelling:
	@echo "codespell"; $(BIN)/codespell

# The environment: made once, and again when pyproject.toml changes

$(READY): pyproject.toml
	@.ci/venv $(VENV)
	@echo "venv: installing packager and its tools (a few minutes the first time)"
	@$(BIN)/python -m pip install -qq --editable '.[dev]'
	@touch $@
