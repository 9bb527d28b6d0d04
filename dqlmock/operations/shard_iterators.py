"""Shard iterators: where in a shard reading goes on, as text that the caller keeps.

Owns that text, in the form of AWS's own: ARN, generation, and what only the service reads.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error
from dataclasses import dataclass

from dqlmock.errors import ExpiredIteratorException, ValidationException
from dqlmock.limits import SHARD_ITERATOR_AGE_S

_GENERATION = "1"


@dataclass(frozen=True, slots=True)
class ShardIterator:
    """A position in a shard.

    Args:
        stream_arn: `StreamArn`.
        shard_id: `ShardId`.
        position: The lowest sequence number to read.
        made_s: When it was given out, in seconds since the epoch.

    >>> iterator = ShardIterator("arn:aws:dynamodb:…", "shardId-1", 7, 1.5)
    >>> ShardIterator.parse(str(iterator)) == iterator
    True
    """

    stream_arn: str
    shard_id: str
    position: int
    made_s: float

    def __str__(self) -> str:
        inner = f"{self.shard_id}|{self.position}|{self.made_s!r}".encode()
        return f"{self.stream_arn}|{_GENERATION}|{b64encode(inner).decode()}"

    @classmethod
    def parse(cls, text: str) -> ShardIterator:
        """Return the position that a text stands for.

        Raises:
            ValidationException: It is none that was given out.
        """
        try:
            stream_arn, generation, encoded = text.split("|")
            shard_id, position, made_s = b64decode(encoded, validate=True).decode().split("|")
            if generation == _GENERATION:
                return cls(stream_arn, shard_id, int(position), float(made_s))
        except (ValueError, Error):
            pass
        raise ValidationException("Invalid ShardIterator")  # DynamoDB Local's text

    def check_age(self, now_s: float) -> None:
        """Check that the iterator can still be used.

        Raises:
            ExpiredIteratorException: It was given out more than 15 minutes ago.
        """
        if now_s - self.made_s > SHARD_ITERATOR_AGE_S:
            # AWS in 2017, as spring-attic/spring-integration-aws pull request 59 logged it.
            raise ExpiredIteratorException("Shard iterator has expired")
