"""The files of an export, as S3DataExport.Output describes them.

Owns their names and contents. AWS writes a data file for each partition of the table: the mock's
tables have one partition.
"""

from __future__ import annotations

import gzip
from base64 import b32encode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import md5
from typing import Any, Final

from dqlmock.engine.arn import stream_label
from dqlmock.engine.objects import ObjectStore
from dqlmock.json_bytes import encode
from dqlmock.storage.protocol import StoredItem

_LEVEL: Final = 6

_ENCRYPTION: Final = {"AES256": "AES256", "KMS": "aws:kms"}
"""S3's name by `S3SseAlgorithm`."""


@dataclass(frozen=True, slots=True)
class ExportFiles:
    """Where the files of one export go.

    Args:
        store: S3.
        description: The `ExportDescription` while it is under way.
    """

    store: ObjectStore
    description: Mapping[str, Any]

    def write(self, items: Sequence[StoredItem], ended_s: float) -> dict[str, Any]:
        """Write all files and return what the export's description says more from then on.

        Args:
            items: Of the table.
            ended_s: When the export ends.
        """
        self._put("_started", b"")
        listed = self._write_data([b'{"Item":%s}\n' % item.encoded for item in items])
        files_key = self._put_with_checksum("manifest-files", encode(listed) + b"\n")
        size_bytes = sum(item.size_bytes for item in items)
        outcome = {"BilledSizeBytes": size_bytes, "ItemCount": len(items)}
        summary = encode(self._summary(files_key, outcome, ended_s))
        return {**outcome, "ExportManifest": self._put_with_checksum("manifest-summary", summary)}

    def _write_data(self, lines: list[bytes]) -> dict[str, Any]:
        body = gzip.compress(b"".join(lines), _LEVEL, mtime=0)
        # As long, and of the same letters, as the names in the documentation.
        name = b32encode(_md5(self._directory.encode())).decode().lower().rstrip("=")
        key, etag = self._put(f"data/{name}.json.gz", body)
        return {
            "itemCount": len(lines),
            "md5Checksum": _checksum(body),
            "etag": etag,
            "dataFileS3Key": key,
        }

    def _summary(
        self, files_key: str, outcome: Mapping[str, int], ended_s: float
    ) -> dict[str, Any]:
        told = self.description
        return {
            "version": "2020-06-30",
            "exportArn": told["ExportArn"],
            "startTime": _timestamp(told["StartTime"]),
            "endTime": _timestamp(ended_s),
            "tableArn": told["TableArn"],
            "tableId": told["TableId"],
            "exportTime": _timestamp(told["ExportTime"]),
            "s3Bucket": told["S3Bucket"],
            "s3Prefix": told.get("S3Prefix"),
            "s3SseAlgorithm": told["S3SseAlgorithm"],
            "s3SseKmsKeyId": told.get("S3SseKmsKeyId"),
            "manifestFilesS3Key": files_key,
            "billedSizeBytes": outcome["BilledSizeBytes"],
            "itemCount": outcome["ItemCount"],
            "outputFormat": told["ExportFormat"],
            "exportType": "FULL_EXPORT",
        }

    def _put_with_checksum(self, name: str, body: bytes) -> str:
        key, _ = self._put(f"{name}.json", body)
        self._put(f"{name}.md5", _checksum(body).encode())
        return key

    def _put(self, name: str, body: bytes) -> tuple[str, str]:
        told = self.description
        options = {"ServerSideEncryption": _ENCRYPTION[told["S3SseAlgorithm"]]}
        if "S3SseKmsKeyId" in told:
            options["SSEKMSKeyId"] = told["S3SseKmsKeyId"]
        key = f"{self._directory}/{name}"
        return key, self.store.put(told["S3Bucket"], key, body, options)

    @property
    def _directory(self) -> str:
        prefix = self.description.get("S3Prefix")
        export_id = self.description["ExportArn"].rpartition("/")[2]
        return f"{prefix}/AWSDynamoDB/{export_id}" if prefix else f"AWSDynamoDB/{export_id}"


def _md5(body: bytes) -> bytes:
    return md5(body, usedforsecurity=False).digest()


def _checksum(body: bytes) -> str:
    return b64encode(_md5(body)).decode()


def _timestamp(moment_s: float) -> str:
    return f"{stream_label(moment_s)}Z"
