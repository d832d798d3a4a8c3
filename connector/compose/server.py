"""The running process: its listeners, background workers, a clean stop.

waitress serves each listener with its own threads. On SIGTERM the process takes no new requests,
finishes those under way and the deliveries under way, signs the last checkpoint and ends; what is
still in the outbox goes out after the next start.
"""

from __future__ import annotations

import json
import sys
import threading
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any, Final

from waitress.server import create_server

from connector.compose import hub, participant, problems
from connector.compose.mounted import Mounted
from connector.compose.preload import preload
from connector.http.channel import Channel, asking, let_go, make_room
from connector.http.crowd import Crowd
from connector.party.metrics import metrics_app
from connector.party.node import open_node
from connector.party.parts import Parts
from connector.party.web import caps
from connector.process.actor import Actor, acting
from connector.process.errors import SettingsError
from connector.process.lock import FolderLock
from connector.process.ports import SystemClock
from connector.process.signals import until_stopped
from connector.process.system_words import system_words
from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from structlog.typing import FilteringBoundLogger

    from connector.compose.assembly import Apps
    from connector.compose.profiles.base import Profile
    from connector.party.node import Node
    from connector.process.job import Worker
    from connector.process.settings import Listener, Settings
    from crypto.words import Language

    Wsgi = Callable[..., Iterable[bytes]]

DRAIN_SECONDS: Final = 20.0
MANAGEMENT_THREADS: Final = 4
CONSOLE_THREADS: Final = 4
KEEP_ALIVE_SECONDS: Final = 120
CONNECTIONS: Final = 400
_READY: Final = Words("就绪：{facts}", "ready: {facts}")


class _Draining:
    """Counts requests under way; refuses new ones once the process stops."""

    def __init__(self, app: Wsgi, state: _State) -> None:
        self._app = app
        self._state = state

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        if not self._state.enter():
            body = b'{"error":{"code":"stopping","message":"stopping","next":"try again"}}'
            start_response(
                "503 Service Unavailable",
                [
                    ("Content-Type", "application/json"),
                    ("Content-Length", str(len(body))),
                    ("Retry-After", "1"),
                ],
            )
            return [body]
        try:
            return self._app(environ, start_response)
        finally:
            self._state.leave()


class _State:
    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._under_way = 0
        self._stopping = False

    def enter(self) -> bool:
        with self._changed:
            if self._stopping:
                return False
            self._under_way += 1
            return True

    def leave(self) -> None:
        with self._changed:
            self._under_way -= 1
            self._changed.notify_all()

    def drain(self, seconds: float) -> bool:
        with self._changed:
            self._stopping = True
            return self._changed.wait_for(lambda: not self._under_way, seconds)


def _listen(
    app: Wsgi, listener: Listener, name: str,
    *, threads: int, body: int, log: FilteringBoundLogger | None = None,
    channel: type[Channel] = Channel,
) -> Any:  # fmt: skip
    try:
        server = create_server(
            app,
            host=listener.host,
            port=listener.port,
            threads=threads,
            ident=None,
            max_request_body_size=body + 1,
            channel_timeout=KEEP_ALIVE_SECONDS,
            connection_limit=CONNECTIONS,
            cleanup_interval=1,
            clear_untrusted_proxy_headers=True,
            asyncore_use_poll=True,
            log_socket_errors=False,  # a peer that hangs up, a delivery that was cut
        )
    except OSError as error:
        raise SettingsError(
            problems.PORT_IN_USE,
            listener=name,
            where=f"{listener.host}:{listener.port}",
            why=system_words(error),
            port=listener.port,
        ) from error
    usual = server.maintenance

    def maintenance(now: float) -> None:
        usual(now)
        let_go(server, now)
        make_room(server)

    server.maintenance = maintenance
    server.channel_class = channel
    if log is not None:
        server.task_dispatcher.queue_logger = Crowd(log, name, threads)
    return server


def run(
    node: Node,
    make_apps: Callable[[Node], Apps],
    wait: Callable[[], None],
    *,
    as_json: bool,
    language: Language = "en",
) -> None:
    """Serve until it has waited. The caller holds the lock on the data folder.

    Args:
        node: the opened node.
        make_apps: `connector.compose.participant.apps` or `connector.compose.hub.apps`.
        wait: returns when the process is to stop.
        as_json: print the ready line as JSON.
        language: of the ready line for people.
    """
    settings = node.settings
    apps = make_apps(node)
    preload()  # no request may be the first to import something: others may be importing it too
    state = _State()
    mounted = Mounted(apps.protocol, prefix=settings.prefix, did=settings.did)
    servers = [
        _listen(
            _Draining(mounted, state), settings.protocol, "protocol",
            threads=settings.limits.threads, body=caps(apps.protocol), log=node.log,
        ),
        _listen(
            _Draining(apps.management, state), settings.management, "management",
            threads=MANAGEMENT_THREADS, body=caps(apps.management), log=node.log,
        ),
        _listen(
            metrics_app(node), settings.metrics, "metrics", threads=1, body=1024, log=node.log
        ),
    ]  # fmt: skip
    if apps.console is not None and settings.console is not None:
        console = apps.console()
        servers.append(
            _listen(
                _Draining(console, state), settings.console, "console",
                threads=CONSOLE_THREADS, body=caps(console), log=node.log,
                channel=asking(console.extensions["voile_most_sent"]),
            )
        )  # fmt: skip
    threads = [
        threading.Thread(target=_serve, args=(server,), name=f"listener-{at}", daemon=True)
        for at, server in enumerate(servers)
    ]
    workers: list[Worker] = [
        node.checkpoints, node.refusals, node.outbox, *apps.workers, node.presence,
    ]  # fmt: skip
    for thread in threads:
        thread.start()
    for worker in workers:
        worker.start()
    has_console = apps.console is not None
    _announce(node, has_console=has_console, as_json=as_json, language=language)
    wait()
    node.log.info("stopping")
    node.presence.stop()
    drained = state.drain(DRAIN_SECONDS)
    for worker in [*apps.workers, node.outbox, node.refusals, node.checkpoints]:
        worker.stop()
    for server in servers:
        server.task_dispatcher.shutdown(cancel_pending=True, timeout=1)
        with suppress(OSError):
            server.close()
    node.log.info("stopped", reason="" if drained else "some requests did not end in time")


def _serve(server: Any) -> None:
    with suppress(OSError):  # its sockets are closed under it when the process stops
        server.run()


def _announce(node: Node, *, has_console: bool, as_json: bool, language: Language) -> None:
    s = node.settings
    facts = {
        "did": s.did,
        "role": s.role,
        "protocol": f"http://{s.protocol.host}:{s.protocol.port}{s.prefix}",
        "management": f"http://{s.management.host}:{s.management.port}",
        "metrics": f"http://{s.metrics.host}:{s.metrics.port}/metrics",
    }
    if has_console:
        facts["console"] = s.console_address
    node.log.info("ready", role=s.role, port=s.protocol.port)
    if as_json:
        line = json.dumps({"ready": True, **facts})
    else:
        told = " ".join(f"{name}={value}" for name, value in facts.items())
        line = _READY.filled(language, {"facts": told})
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def serve(
    settings: Settings,
    *,
    as_json: bool = False,
    accept_head: bool = False,
    profile: Profile | None = None,
    language: Language = "en",
) -> None:
    """Lock the data folder, open the node, serve it until SIGTERM or SIGINT, close it.

    Args:
        settings: the settings of the node.
        as_json: print the ready line as JSON.
        accept_head: the operator says that the database is the newest there is.
        profile: the parts and areas of a test; none in production.
        language: of the ready line for people.
    """
    clock = SystemClock()
    with ExitStack() as stack:
        what = "voile hub" if settings.role == "hub" else "voile serve"
        stack.enter_context(FolderLock(settings.data, what=what, now=clock.now()))
        parts = profile.parts if profile else Parts()
        with acting(Actor("command", "serve")):
            node = open_node(settings, clock=clock, accept_head=accept_head, parts=parts)
        wait = stack.enter_context(until_stopped())
        stack.callback(node.close)  # a second signal meanwhile changes nothing
        node.db.claim()
        if profile:
            node.log.warning("test-profile", profile=profile.name)
            run(node, profile.apps, wait, as_json=as_json, language=language)
            return
        apps = hub.apps if settings.role == "hub" else participant.apps
        run(node, apps, wait, as_json=as_json, language=language)
