"""DynamoDB's expression languages: text to nodes to closures. Knows no tables and no state.

The door is `request.Expressions`; `legacy` has the parameters that expressions replaced.
"""
