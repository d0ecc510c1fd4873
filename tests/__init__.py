"""The tests; a package of its own name, since some library installs a top-level one called tests."""
