"""A bucket as the storage."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from collector.errors import StorageFailed

if TYPE_CHECKING:
    from obstore.store import S3Config


class BucketStore:
    """A bucket at S3, GCS or Azure, through obstore."""

    is_far = True

    def __init__(self, url: str) -> None:
        from obstore.store import from_url

        # A wrong checksum is refused by the server, so a put that returns has stored these bytes.
        checked: S3Config | None = {"checksum_algorithm": "SHA256"} if url[:2] == "s3" else None
        plain = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://")
        self.store = from_url(url, config=checked, client_options={"allow_http": plain})

    def put(self, key: str, data: bytes) -> None:
        """See AudioStore."""
        import obstore
        from obstore.exceptions import BaseError

        try:
            obstore.put(self.store, key, data)
        except BaseError as error:
            raise StorageFailed from error

    def get(self, key: str) -> bytes:
        """See AudioStore."""
        import obstore

        return bytes(obstore.get(self.store, key).bytes())

    def get_range(self, key: str, start: int, length: int) -> bytes:
        """See AudioStore."""
        import obstore

        return bytes(obstore.get_range(self.store, key, start=start, length=length))

    def delete(self, key: str) -> None:
        """See AudioStore."""
        import obstore

        obstore.delete(self.store, [key])

    def delete_folder(self, prefix: str) -> int:
        """See AudioStore."""
        import obstore

        keys = self.keys(prefix)
        if keys:
            obstore.delete(self.store, keys)
        return len(keys)

    def keys(self, prefix: str) -> list[str]:
        """See AudioStore."""
        import obstore

        found = obstore.list(self.store, prefix=prefix).collect()
        return sorted(str(meta["path"]) for meta in found)

    def keys_older_than(self, prefix: str, age_s: float) -> Iterator[str]:
        """See AudioStore."""
        import obstore

        latest = datetime.now(UTC) - timedelta(seconds=age_s)
        for page in obstore.list(self.store, prefix=prefix):
            yield from (str(meta["path"]) for meta in page if meta["last_modified"] <= latest)
