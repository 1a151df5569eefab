"""Columns beside a unit in a ranking, one concept a module."""
