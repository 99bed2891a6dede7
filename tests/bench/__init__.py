"""What Porras costs, against budgets, as ratios within one run: `python -m tests.bench`."""
