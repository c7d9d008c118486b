"""A TLS handshake by itself, to learn which versions a target speaks."""

import socket
import ssl
from typing import Final
from urllib.parse import urlsplit

from scim_conformance.client.target import Target

VERSIONS: Final = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


def handshake(target: Target, newest: str) -> str:
    """Make one handshake that offers no newer version than this; return "" when it works, else what went wrong.

    Whether the certificate can be trusted is not asked: every request of a run asks that.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.maximum_version = VERSIONS[newest]
    parts = urlsplit(target.base_url)
    host, source = parts.hostname or "", (target.source_address, 0) if target.source_address else None
    try:
        with (
            socket.create_connection((host, parts.port or 443), target.timeout, source_address=source) as connection,
            context.wrap_socket(connection, server_hostname=host),
        ):
            return ""
    except ssl.SSLError as problem:
        return (problem.reason or str(problem)).replace("_", " ").lower()
    except OSError as problem:
        return problem.strerror or str(problem)
