"""Runs on the wire: carriers and fleets, manifests, custody, papers, claims."""
