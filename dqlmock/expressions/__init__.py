"""DynamoDB's expression languages: text to nodes to closures. Knows no tables and no state."""
