"""Runs: carriers and their fleets, manifests, custody, claims."""
