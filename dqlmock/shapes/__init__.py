"""The service model: what a request may look like, checked before anything else."""
