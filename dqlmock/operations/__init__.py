"""The API actions, one file each: what is checked, and what is run."""
