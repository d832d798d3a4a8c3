"""Thirty-two connections that send tokens which prove nothing, as fast as they are answered.

`python -m benchmarks.forged_tokens PORT METHOD PATH AUDIENCE ISSUER…` begins with a line on its
standard input and ends with the next; then it prints how often it was told what. The issuers' host
accepts connections and never answers. It comes from an address of its own and steps back for the
processes that are measured: a real attacker has a machine of its own. With a certificate's path in
VOILE_BENCH_CA it speaks TLS, to the reverse proxy.
"""

import http.client
import json
import os
import socket
import ssl
import sys
import threading
import time
from collections import Counter
from itertools import count

from crypto.b64 import b64url

CONNECTIONS = 32
OTHER_ADDRESS = "127.0.0.2"
_numbers = count()


def main(port: str, method: str, path: str, audience: str, *issuers: str) -> None:
    """Attack until standard input ends."""
    os.nice(10)
    told: Counter[str] = Counter()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while sys.stdin.readline():
        stop = threading.Event()
        threads = [
            threading.Thread(
                target=_attack,
                args=(int(port), method, path, audience, issuers, told, stop),
                daemon=True,
            )
            for _ in range(CONNECTIONS)
        ]
        for thread in threads:
            thread.start()
        sys.stdin.readline()
        stop.set()
        json.dump(dict(told), sys.stdout)
        sys.stdout.write("\n")
        sys.stdout.flush()


def token(audience: str, issuer: str) -> str:
    """Make a token in its form, signed by nobody."""
    now, number = int(time.time()), next(_numbers)
    header = {"alg": "ES256", "typ": "JWT", "kid": f"{issuer}#k{number}"}
    claims = {"iss": issuer, "sub": issuer, "aud": audience, "iat": now, "exp": now + 300}
    parts = (header, claims | {"jti": f"{os.getpid()}-{number}"})
    return ".".join([*(b64url(json.dumps(part).encode()) for part in parts), b64url(b"\1" * 64)])


def connection(port: int, source: str) -> http.client.HTTPConnection:
    """Give a connection to this machine: plain, or TLS where a certificate is named."""
    authority = os.environ.get("VOILE_BENCH_CA", "")
    if not authority:
        return http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=(source, 0))
    context = ssl.create_default_context(cafile=authority)
    made = http.client.HTTPSConnection(
        "localhost", port, timeout=30, source_address=(source, 0), context=context
    )
    made.connect()
    return made


def _attack(
    port: int,
    method: str,
    path: str,
    audience: str,
    issuers: tuple[str, ...],
    told: Counter[str],
    stop: threading.Event,
) -> None:
    made: http.client.HTTPConnection | None = None
    while not stop.is_set():
        issuer = issuers[next(_numbers) % len(issuers)]
        try:
            made = made or connection(port, OTHER_ADDRESS)
            made.request(
                method, path, headers={"Authorization": f"Bearer {token(audience, issuer)}"}
            )
            answer = made.getresponse()
            answer.read()
            told[str(answer.status)] += 1
            if answer.will_close:
                made.close()
                made = None
        except (OSError, http.client.HTTPException) as error:
            told[type(error).__name__] += 1
            made = None


class hanging:  # noqa: N801 -- used like a function
    """Listens on a port (0: a free one) and never answers; `kept` are the connections it has."""

    def __init__(self, port: int = 0) -> None:
        self.kept: list[socket.socket] = []
        self._socket = socket.create_server(("127.0.0.1", port), backlog=2000)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                self.kept.append(self._socket.accept()[0])
            except OSError:
                return

    def getsockname(self) -> tuple[str, int]:
        """Give where it listens."""
        found: tuple[str, int] = self._socket.getsockname()
        return found

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()
        for one in self.kept:
            one.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
