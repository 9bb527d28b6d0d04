"""The two error trees: what AWS would answer, and misuse of the mock.

Owns the exception classes, `Violation` and `Family`. Knows neither regions nor the wire: whether a
message is enveloped, and how a violation is worded, is decided where an answer is rendered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

_DYNAMODB = "com.amazonaws.dynamodb.v20120810#"
_CORAL_SERVICE = "com.amazon.coral.service#"


class DqlmockError(Exception):
    """Misuse of the mock. It reaches the caller as it is, never dressed as an AWS answer."""


class UnmockedRequestError(DqlmockError):
    """A call that the mock does not answer was about to leave the machine.

    Args:
        service: The service being called, as botocore names its endpoint: `"s3"`.
        operation: The API operation: `"GetObject"`.
        url: Where the request was going.

    >>> str(UnmockedRequestError("s3", "GetObject", "https://b.s3.amazonaws.com/k")).splitlines()[0]
    's3.GetObject is not mocked by dqlmock: https://b.s3.amazonaws.com/k'
    """

    def __init__(self, service: str, operation: str, url: str) -> None:
        super().__init__(
            f"{service}.{operation} is not mocked by dqlmock: {url}\n"
            f'To let it through, write mock_dynamodb(passthrough=("{service}",)) '
            f'or dql_mock(passthrough=("{service}",)).'
        )
        self.service = service
        self.operation = operation
        self.url = url


class UnmetExpectation(DqlmockError):
    """A call that a test expected never came, or came out of order.

    Raised at the end of the mock; where the order is broken, also by the call that breaks it.
    """


class UnfiredFault(DqlmockError):
    """A fault that a test asked for never came to be: no call met it. Raised at the mock's end."""


class Family(Enum):
    """A group of ValidationException messages that AWS rewords together, region by region.

    The wording moved on AWS in 2026 by operation, family and region. Code that discovers an error
    names the family; the cohort table says what a region makes of it.
    """

    BARE = "bare"
    """Worded alike everywhere: key types, document paths, item size, projections, indexes."""
    VALUE = "value"
    """An attribute value that can't be stored: empty sets, duplicates, NULL: false, numbers."""
    NESTING = "nesting"
    """More than 32 levels of nesting."""
    EXPRESSION = "expression"
    """Expression text and its placeholders: syntax, size, operands, names and values."""
    PARAMETERS = "parameters"
    """Parameters that exclude or require each other."""
    SELECT = "select"
    """Select against the projection of a Query or Scan."""
    START_KEY = "start key"
    """Scan's ExclusiveStartKey and its segments: reworded, but not enveloped."""
    EMPTY_KEY = "empty key"
    """An empty value for a key: worded alike everywhere, and judged before a transaction starts."""
    KEY_MATCH = "key match"
    """A table key that is missing or of another type: bare, and judged first in a transaction."""
    KEY_PATH = "key path"
    """A path into a key attribute: as EMPTY_KEY (DynamoDB Local)."""
    REQUEST_ITEMS = "request items"
    """An empty RequestItems of BatchGetItem or BatchWriteItem."""


class DynamoDBError(Exception):
    """An answer of DynamoDB that is an error.

    Subclasses carry the error's name as their own, the HTTP status and the namespace that AWS
    prints before the name in `__type`.

    Args:
        message: AWS's text, without any envelope.
        fields: Modelled members beside the message, in wire form (`{"Item": {...}}`).

    >>> ResourceNotFoundException("Requested resource not found").code
    'ResourceNotFoundException'
    """

    status: ClassVar[int] = 400
    namespace: ClassVar[str] = _DYNAMODB
    message_key: ClassVar[str] = "message"
    meter: Callable[[], Any] | None = None
    """Reckons what the call consumed though it failed: an `engine.capacity.Meter`."""

    def __init__(self, message: str, fields: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields: Mapping[str, Any] = fields or {}

    @property
    def code(self) -> str:
        """The error's name, as boto3 shows it in `response["Error"]["Code"]`."""
        return type(self).__name__

    @property
    def wire_type(self) -> str:
        """The `__type` of the JSON answer: namespace and name."""
        return self.namespace + self.code


class ValidationException(DynamoDBError):
    """A request that breaks a rule.

    Args:
        message: AWS's text, without any envelope.
        family: The group the message belongs to when AWS rewords messages.
        older: The text of regions with the older wording, where more than the envelope differs.

    >>> ValidationException("Invalid UpdateExpression: ...", Family.EXPRESSION).family.value
    'expression'
    """

    namespace = "com.amazon.coral.validate#"

    def __init__(
        self, message: str, family: Family = Family.BARE, *, older: str | None = None
    ) -> None:
        super().__init__(message)
        self.family = family
        self.older = older


@dataclass(frozen=True, slots=True)
class Violation:
    """One constraint of the service model that a request breaks.

    Args:
        path: Where, as AWS spells it: `"tableName"`, `"key.pk.member"`.
        value: What stood there, as AWS prints it; None for an absent or null member.
        reason: What AWS says of it: `"Member must not be null"`.
    """

    path: str
    value: str | None
    reason: str


class ConstraintViolations(ValidationException):
    """A request whose shape breaks one or more constraints of the service model.

    The text is made by the renderer, for its wording depends on the region.

    Args:
        violations: All of them, in the order in which AWS reports them.
    """

    def __init__(self, violations: Sequence[Violation]) -> None:
        super().__init__("; ".join(f"{v.path}: {v.reason}" for v in violations))
        self.violations = tuple(violations)

    @property
    def code(self) -> str:
        """AWS answers any broken constraint as a ValidationException."""
        return "ValidationException"


class SerializationException(DynamoDBError):
    """A body that isn't JSON, or a member of the wrong JSON type."""

    namespace = _CORAL_SERVICE
    message_key = "Message"


class UnknownOperationException(DynamoDBError):
    """An operation that DynamoDB doesn't have, or that is not built yet."""

    namespace = _CORAL_SERVICE


class MissingAuthenticationTokenException(DynamoDBError):
    """A request without a signature."""

    namespace = _CORAL_SERVICE


class ConditionalCheckFailedException(DynamoDBError):
    """A condition evaluated to false. `fields` holds `Item` where the old item was asked for."""


class IncompleteSignatureException(DynamoDBError):
    """A signature that lacks a part, or whose credential scope isn't one."""

    namespace = _CORAL_SERVICE


class InvalidSignatureException(DynamoDBError):
    """A signature whose credential scope names no region."""

    namespace = _CORAL_SERVICE


class ItemCollectionSizeLimitExceededException(DynamoDBError):
    """An item collection of a table with local secondary indexes grew past 10 GB."""


class LimitExceededException(DynamoDBError):
    """More control-plane work, or more of something, than an account may have."""


class ResourceInUseException(DynamoDBError):
    """A table that exists already, or is not ACTIVE."""


class ResourceNotFoundException(DynamoDBError):
    """A table, index or other resource that does not exist."""


class TableNotFoundException(DynamoDBError):
    """A table that does not exist, as the operations on backups say it."""


class TableAlreadyExistsException(DynamoDBError):
    """A table that is there already, as the operations on backups say it."""


class BackupNotFoundException(DynamoDBError):
    """A backup that does not exist."""


class PointInTimeRecoveryUnavailableException(DynamoDBError):
    """A table that can't be restored to a point in time."""


class InvalidRestoreTimeException(DynamoDBError):
    """A time that a table can't be restored to."""


class InvalidExportTimeException(DynamoDBError):
    """A time that a table can't be exported from."""


class ExportConflictException(DynamoDBError):
    """A token of an export that was used for another."""


class ExportNotFoundException(DynamoDBError):
    """An export that does not exist, or of more than 90 days ago."""


class ImportConflictException(DynamoDBError):
    """A token of an import that was used for another."""


class ImportNotFoundException(DynamoDBError):
    """An import that does not exist, or of more than 90 days ago."""


class PolicyNotFoundException(DynamoDBError):
    """A resource without a policy, or with another revision of it than was expected."""


class AccessDeniedException(DynamoDBError):
    """A resource of another account or another service."""

    namespace = _CORAL_SERVICE
    message_key = "Message"


class TransactionCanceledException(DynamoDBError):
    """A transaction that did not happen. `fields` holds `CancellationReasons`, one per action."""

    message_key = "Message"


class TransactionConflictException(DynamoDBError):
    """An item that a transaction under way holds."""


class TransactionInProgressException(DynamoDBError):
    """A transaction with the same idempotency token is under way."""

    message_key = "Message"


class IdempotentParameterMismatchException(DynamoDBError):
    """An idempotency token used again for another request."""

    message_key = "Message"


class ExpiredIteratorException(DynamoDBError):
    """A shard iterator older than 15 minutes."""


class TrimmedDataAccessException(DynamoDBError):
    """Stream records older than 24 hours."""


class DuplicateItemException(DynamoDBError):
    """An INSERT of an item whose key another item has."""


class ProvisionedThroughputExceededException(DynamoDBError):
    """More reads or writes than a table with provisioned capacity takes."""


class RequestLimitExceeded(DynamoDBError):
    """More reads or writes than an account may make."""


class ThrottlingException(DynamoDBError):
    """More reads or writes than an on-demand table takes just now, or too many control calls."""

    namespace = "com.amazon.coral.availability#"


class InternalServerError(DynamoDBError):
    """AWS's 500: raised for a test that asks for it, and by the server for a bug of the mock."""

    status = 500
