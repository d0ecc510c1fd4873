"""Departments in a distribution of their own."""
