"""The node: everything that a view or a worker of one party needs, made once at start."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import DatabaseError

from connector.evidence.checkpoints import Checkpoints
from connector.evidence.log import Log
from connector.evidence.peer_heads import OUTBOX_KIND
from connector.evidence.replies import Replies
from connector.http.egress import Egress
from connector.http.traffic import Traffic
from connector.identity.keyring import KeyRing, OwnDocument, load_keys
from connector.identity.presence import Lookout
from connector.identity.refusals import Refusals
from connector.identity.spending import Spending
from connector.identity.work import STEPS_PER_SECOND, STEPS_SAVED, WORK_PER_SECOND, WORK_SAVED
from connector.outbox.worker import Outbox
from connector.party import problems_home as problems
from connector.party.metrics import Metrics
from connector.party.parts import Parts
from connector.party.services import Services
from connector.process import problems_home as process_problems
from connector.process.database_url import is_postgres, shown
from connector.process.errors import SettingsError, StoreError
from connector.process.logs import logger
from connector.process.ports import SystemClock, system_entropy
from connector.process.rate import Buckets, Budget
from connector.store.database import Database
from connector.store.facts import fact
from connector.store.failures import full, is_full, why
from connector.store.migrate import current, migrate
from connector.store.secrets import SecretStore, read_kek
from crypto.errors import VerificationError

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

    from connector.identity.auth import Door
    from connector.identity.peers import Peers
    from connector.identity.status import StatusRegistry
    from connector.process.ports import Clock, Entropy, Transport
    from connector.process.settings import Settings
    from crypto.words import Spoken

SOFTWARE: Final = f"voile/{version('voile')}"


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
class Node:
    """One party's node."""

    settings: Settings
    clock: Clock
    entropy: Entropy
    db: Database
    keys: KeyRing
    secrets: SecretStore
    egress: Transport
    peers: Peers
    status: StatusRegistry
    checkpoints: Checkpoints
    outbox: Outbox
    replies: Replies  # what we promise of answers that we got
    traffic: Traffic
    refusals: Refusals
    spending: Spending  # used tokens that are not written yet
    metrics: Metrics
    presence: Lookout  # how others see us
    door: Door  # who may come in, and as whom
    calls: Buckets  # per participant and route, after the signature check
    changes: Buckets  # per participant, for whatever may become a leaf of ours
    work: Budget  # per party, for what its requests take
    steps: Buckets  # per party and step of a session, for who owes work
    log: FilteringBoundLogger
    software: str = SOFTWARE
    services: Services = field(default_factory=Services)  # what its areas share

    def close(self) -> None:
        """Close connections and files."""
        close = getattr(self.egress, "close", None)
        if close is not None:
            close()
        self.spending.close()
        self.db.close()


def open_node(
    settings: Settings,
    *,
    clock: Clock | None = None,
    entropy: Entropy = system_entropy,
    transport: Transport | None = None,
    log: FilteringBoundLogger | None = None,
    accept_head: bool = False,
    parts: Parts | None = None,
) -> Node:
    """Open the node of a home made by `voile init`: migrate, unseal the keys, check the log.

    Args:
        settings: the node's settings.
        clock: the clock, the machine's by default.
        entropy: the source of randomness.
        transport: the way out to other parties; tests give their own.
        log: the logger.
        accept_head: the operator says that the database is the newest there is (see `Checkpoints`).
        parts: what a test profile puts in the place of the real parts.

    Raises:
        SettingsError: the home is not whole, or belongs to another DID.
        StoreError: the database cannot be used.
    """
    clock = clock or SystemClock()
    parts = parts or Parts()
    log = log or logger(did=settings.did)
    kek = read_kek(settings.kek_file)
    if settings.database_url.startswith("sqlite:") and not (settings.data / "voile.db").exists():
        raise SettingsError(process_problems.NO_DATABASE, data=settings.data)
    outbox: Outbox  # what is made first calls what is made last, once all is made
    checkpoints: Checkpoints
    status: StatusRegistry
    db = Database(
        settings.database_url,
        clock,
        sent=lambda lanes: outbox.sent(lanes),  # noqa: PLW0108 -- it is made below
        troubled=lambda said: log.error("database", reason=said),
    )
    try:
        _check_home(db, settings)
        migrate(db)
        secrets = SecretStore(db, kek, entropy)
        _check_owner(db, settings)
        try:
            keys = load_keys(secrets, settings.did)
            data_key = secrets.get("key/data")
        except VerificationError as error:
            raise SettingsError(problems.KEK_WRONG, file=settings.kek_file) from error
        db.log = Log(
            data_key=data_key,
            entropy=entropy,
            software=SOFTWARE,
            space=settings.space,
            appended=lambda: checkpoints.wake(),  # noqa: PLW0108 -- it is made below
        )
        document = OwnDocument(settings, keys)
        traffic = Traffic(settings.testing.record_wire)
        fresh = partial(Egress, loopback_http=settings.testing.loopback_http)
        egress = transport or fresh()
        peers = parts.peers(
            did=settings.did,
            own_document=document,
            keys=keys,
            transport=egress,
            clock=clock,
            entropy=entropy,
            loopback_http=settings.testing.loopback_http,
            traffic=traffic,
            in_transaction=db.held_here,
            vouch=lambda did: status.keys(did),  # noqa: PLW0108 -- it is made below
            threads=settings.limits.threads,
        )
        checkpoints = Checkpoints(db, settings=settings, keys=keys, peers=peers, log=log)
        checkpoints.check_anchor(accept=accept_head)
        status = parts.status(settings, clock, peers.at_hand, peers.forget)
        with db.reading() as session:
            status.learn(session)
        outbox = Outbox(db, peers, clock, log, secrets.get)
        outbox.on(OUTBOX_KIND, checkpoints)
    except DatabaseError as error:
        db.close()
        if is_full(error):
            raise full() from error
        raise _unusable(settings, why(error)) from error
    except StoreError as error:
        db.close()
        if error.code != "store-lost":
            raise
        raise _unusable(settings, error.reason) from error
    except BaseException:
        db.close()
        raise
    return Node(
        settings=settings,
        clock=clock,
        entropy=entropy,
        db=db,
        keys=keys,
        secrets=secrets,
        egress=egress,
        peers=peers,
        status=status,
        checkpoints=checkpoints,
        outbox=outbox,
        replies=Replies(db, peers, outbox, log),
        traffic=traffic,
        refusals=Refusals(db, log, entropy),
        spending=Spending(db),
        metrics=Metrics(),
        presence=Lookout(settings, lambda: document().raw, lambda: transport or fresh(), log),
        door=parts.door,
        calls=Buckets(rate=settings.limits.calls_per_second, burst=settings.limits.call_burst),
        changes=Buckets(
            rate=settings.limits.changes_per_second, burst=settings.limits.change_burst
        ),
        work=Budget(rate=WORK_PER_SECOND, burst=WORK_SAVED),
        steps=Buckets(rate=STEPS_PER_SECOND, burst=STEPS_SAVED),
        log=log,
    )


def _check_home(db: Database, settings: Settings) -> None:
    """On a server, whatever the settings name exists already: see that it is ours to migrate."""
    if not is_postgres(db.url):
        return
    with db.reading() as session:
        revision = current(session.connection())
    if revision is None:
        raise _empty(settings)
    _check_owner(db, settings)


def _check_owner(db: Database, settings: Settings) -> None:
    with db.reading() as session:
        owner = fact(session, "did")
    if owner is None:
        raise _empty(settings)
    if owner != settings.did:
        raise SettingsError(
            problems.DID_CHANGED, place=_place(settings), owner=owner, did=settings.did
        )


def _place(settings: Settings) -> Spoken:
    """Say where the store is, without a password."""
    url = settings.database_url
    return problems.ON_SERVER.of(url=shown(url)) if is_postgres(url) else problems.DATA_FOLDER


def _where(settings: Settings) -> Spoken:
    """Say where the store is, with the folder of a file."""
    return _place(settings) if settings.database else problems.IN_FOLDER.of(data=settings.data)


def _empty(settings: Settings) -> SettingsError:
    return SettingsError(process_problems.DATABASE_EMPTY, place=_where(settings))


def _unusable(settings: Settings, reason: str) -> SettingsError:
    kind = problems.DATABASE_UNUSABLE if settings.database else problems.FILE_UNUSABLE
    return SettingsError(kind, place=_where(settings), why=reason)
