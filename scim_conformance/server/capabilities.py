"""What the service provider supports and how far: the one source of ServiceProviderConfig and of what is done."""

from dataclasses import dataclass
from typing import Literal


@dataclass
class Capabilities:
    """Functions that can be on or off, and limits: bytes, resources, operations, seconds."""

    patch: bool = True
    bulk: bool = True
    filter: bool = True
    change_password: bool = True
    sort: bool = True
    etag: bool = True
    search: bool = True
    root_query: bool = True
    max_results: int = 200
    default_page_size: int = 100
    too_many: int | None = None
    max_body: int = 1024 * 1024
    max_operations: int = 100
    max_payload: int = 256 * 1024
    index: bool = True
    cursor: bool = True
    default_method: Literal["index", "cursor"] = "index"
    cursor_timeout: int | None = 600
