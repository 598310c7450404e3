"""Whole jobs, from files to results, inside one process."""
