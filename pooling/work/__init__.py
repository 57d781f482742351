"""Long work, and what comes by the clock: jobs, workers, duties; begin with ``jobs``."""
