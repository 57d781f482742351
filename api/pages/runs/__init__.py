"""Pages of whoever drives: dossiers and vehicles, manifests, custody, claims."""
