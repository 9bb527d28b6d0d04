"""`mock_dynamodb` and `dql_mock`: starting, stopping, nesting and decorating."""
