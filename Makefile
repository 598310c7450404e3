PYTHON ?= python3

.PHONY: check format docs

check:  ## what continuous integration runs
	$(PYTHON) check.py

format:  ## put the code into shape
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

docs:  ## make the README's example output and picture again
	$(PYTHON) docs/refresh.py
