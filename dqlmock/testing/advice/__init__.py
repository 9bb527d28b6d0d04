"""What a reviewer would say of the calls a mock saw. Each kind has a page in docs/advice/."""
