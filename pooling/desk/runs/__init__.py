"""What really happened: manifests, departures, handovers, custody, repairs, partners."""
