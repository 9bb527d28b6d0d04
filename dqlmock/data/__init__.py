"""Data in and out: tables and items from files, and a whole engine to one file and back."""
