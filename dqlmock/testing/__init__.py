"""What a running mock offers a test: the calls it saw, answers of its own, advice."""
