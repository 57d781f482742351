"""What a driver holds and what really happened: frozen plans, custody, repairs, papers of the road."""
