"""Can the tests fail? `python -m tests.mutants` changes one thing at a time and asks the tests (tests/README.md)."""
