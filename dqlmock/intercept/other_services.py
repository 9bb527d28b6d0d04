"""The door to other AWS services: those that are mocked in this process, or run on this machine.

Owns the one way in which dqlmock itself calls AWS, and sees to it that no such call reaches the
network. Whoever mocks a service through botocore's `before-send` event (moto does) answers; a
handler of ours, the last to be asked, answers where nobody else has. Only an endpoint on this
machine is called for real, and only where one is configured: `AWS_ENDPOINT_URL_S3`.

A client takes botocore tens of milliseconds to make: only operations that need one make one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.loaders import Loader, create_loader
from botocore.session import Session

from dqlmock.engine.objects import ObjectStoreError
from dqlmock.errors import DqlmockError
from dqlmock.intercept.answers import Answer
from dqlmock.intercept.botocore_send import let_leave

_UNANSWERED: Final = "x-dqlmock-unanswered"

_CONNECT_TIMEOUT_S: Final = 2
_READ_TIMEOUT_S: Final = 10
"""`dqlmock server` can't answer itself, should the endpoint be its own."""


class OtherService:
    """A service other than DynamoDB, as one caller sees it.

    Args:
        name: botocore's name of the service: `"s3"`.
        account: Twelve digits; the access key of the calls.
        region: Where it is called.

    >>> OtherService("s3", "123456789012", "eu-west-1").call("list_buckets")
    Traceback (most recent call last):
        ...
    dqlmock.errors.DqlmockError: dqlmock called s3.list_buckets, and nobody answers it here...
    """

    def __init__(self, name: str, account: str, region: str) -> None:
        self._name = name
        # No proxies: one would be another machine.
        config = Config(
            proxies={},
            retries={"total_max_attempts": 1},
            connect_timeout=_CONNECT_TIMEOUT_S,
            read_timeout=_READ_TIMEOUT_S,
            s3=_BY_PATH,
        )
        # A session of its own: it has the handlers of mocks that were imported since the last.
        session = Session()
        session.register_component("data_loader", _loader())
        self._client = session.create_client(
            name,
            region_name=region,
            aws_access_key_id=account,
            aws_secret_access_key="fake-secret-of-dqlmock",
            config=config,
        )
        self._client.meta.events.register_last("before-send", _stop)

    def call(self, method: str, **parameters: Any) -> Mapping[str, Any]:
        """Call a method of the service's client and return what it returns.

        Raises:
            ClientError: What the service refuses.
            DqlmockError: Nobody mocks the service, or nobody listens at its endpoint.
        """
        try:
            answer: Mapping[str, Any] = getattr(self._client, method)(**parameters)
        except ClientError as error:
            if _UNANSWERED in error.response["ResponseMetadata"]["HTTPHeaders"]:
                raise self._unanswered(method) from None
            raise
        except BotoCoreError as error:
            raise self._unanswered(method) from error
        return answer

    def _unanswered(self, method: str) -> DqlmockError:
        variable = f"AWS_ENDPOINT_URL_{self._name.upper()}"
        return DqlmockError(
            f"dqlmock called {self._name}.{method}, and nobody answers it here. Mock "
            f"{self._name} in the same process (with moto: with mock_aws(), dql_mock():), or name "
            f"one that runs on this machine: {variable}=http://127.0.0.1:9000"
        )


@cache
def _loader() -> Loader:
    """Return what reads service models, each once for all clients."""
    return create_loader()


_BY_PATH: Final = {"addressing_style": "path"}
"""S3's buckets, at any endpoint: `bucket.localhost` need not lead to this machine."""


def _stop(request: AWSPreparedRequest, **_: Any) -> Answer | None:
    """Answer in the place of the network; botocore takes the answer of the first who gives one."""
    if is_here(request.url):
        let_leave(request)
        return None
    return Answer(request.url, 400, {_UNANSWERED: "1"}, b"")


def is_here(url: str) -> bool:
    """Whether a URL leads to this machine, whatever a name server says.

    >>> is_here("http://localhost:4566/b/k"), is_here("http://[::1]:9000"), is_here("http://127.1.2.3")
    (True, True, True)
    >>> is_here("https://s3.eu-west-1.amazonaws.com"), is_here("http://10.0.0.1")
    (False, False)
    """
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class S3Objects:
    """The objects of S3: an `ObjectStore`.

    Args:
        account: The caller's.
        region: Where S3 is called.
    """

    def __init__(self, account: str, region: str) -> None:
        self._s3 = OtherService("s3", account, region)

    def put(self, bucket: str, key: str, body: bytes, options: Mapping[str, str]) -> str:
        """Store an object and return its ETag, without quotes."""
        answer = self._call("put_object", Bucket=bucket, Key=key, Body=body, **options)
        return str(answer["ETag"]).strip('"')

    def get(self, bucket: str, key: str) -> bytes:
        """Return an object's bytes."""
        body: bytes = self._call("get_object", Bucket=bucket, Key=key)["Body"].read()
        return body

    def keys(self, bucket: str, prefix: str) -> Iterator[str]:
        """Yield the keys that start with a prefix, in their order."""
        page = self._call("list_objects_v2", Bucket=bucket, Prefix=prefix)
        while True:
            yield from (entry["Key"] for entry in page.get("Contents", ()))
            if not page.get("IsTruncated"):
                return
            page = self._call(
                "list_objects_v2",
                Bucket=bucket,
                Prefix=prefix,
                ContinuationToken=page["NextContinuationToken"],
            )

    def _call(self, method: str, **parameters: Any) -> Mapping[str, Any]:
        try:
            return self._s3.call(method, **parameters)
        except ClientError as refusal:
            error, metadata = refusal.response["Error"], refusal.response["ResponseMetadata"]
            raise ObjectStoreError(
                error["Code"],
                error.get("Message", ""),
                metadata["HTTPStatusCode"],
                metadata.get("RequestId", ""),
                metadata.get("HostId", ""),
            ) from refusal
