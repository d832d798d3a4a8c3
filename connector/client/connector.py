"""A connector of one's own, asked from a program."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from connector.client import problems
from connector.client.answer import Answer
from connector.client.answer_parts import kinds_matter
from connector.client.catalogue import Agreement, Product, agreement_of, product_of
from connector.client.channel import Channel, Secret, part
from connector.client.errors import Failed, Misused, Unavailable
from connector.client.explanation import Explanation, Standing, explanation_of, standing_of
from connector.client.opening import at_home, at_url
from connector.client.reading import readable

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from connector.client.auditing import Verified
    from connector.client.negotiating import Step
    from connector.client.values import Kind
    from crypto.words import Language

    Of = str | Agreement | Sequence[str | Agreement]


class Connector:
    """One's own running connector: ask, search, agree, verify. May be used by several threads.

    ::

        buyer = Connector("buyer")  # a home's folder, as `voile --home`
        buyer = Connector(url="https://connector.example", token="…")  # elsewhere, by a key
    """

    def __init__(
        self,
        home: str | os.PathLike[str] = "",
        *,
        url: str = "",
        token: str = "",
        language: str = "",
    ) -> None:
        """Read the home's settings and token; nothing is called yet.

        Args:
            home: a home's folder, or its voile.toml; without, VOILE_HOME.
            url: of the management API instead; https, or on this machine.
            token: a management key, with `url`.
            language: `zh` or `en`; without, VOILE_LANG, the home's language, else English.

        Raises:
            Misused: neither or both, an odd token, an address that would carry it in clear.
            Unavailable: the home or its token is not as it must be.
        """
        if bool(url) != bool(token) or (url and home):
            raise Misused(problems.OPENED_ODDLY)
        if url:
            secret, token = Secret(token), ""  # no frame of an error of ours shows it
            place, spoken = at_url(url, language)
        else:
            place, secret, spoken = at_home(home, language)
        self.language: Language = spoken
        self._channel = Channel(place, secret, lambda: spoken)
        self._kinds: dict[tuple[str, str], dict[str, Kind]] = {}
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        if "_channel" not in vars(self):
            return "<Connector, not opened>"
        place = self._channel.place
        return f"<Connector {place.home or place}>"

    def __reduce__(self) -> tuple[Any, ...]:
        raise Misused(problems.SECRET_STAYS).speaking(self.language)

    def ask(
        self,
        sql: str,
        *,
        agreement: Of,
        purpose: str,
        mode: str = "",
        question_id: str = "",
        typed: bool = True,
    ) -> Answer:
        """Ask a question.

        Args:
            sql: ``SELECT dimensions, aggregates FROM table …`` (docs/answers.md).
            agreement: one asks its provider, several ask for a total.
            purpose: short name such as `capacityPlanning`, or an IRI.
            mode: `masked`, `homomorphic` or an IRI; without, the cheapest that is granted.
            question_id: of one that was asked before: the same answer, not charged twice.
            typed: keys of dimensions that are declared as whole numbers or days come as such; the
                provider's catalogue is asked for that at most once. False: all keys are text.

        Raises:
            Refused: a contract or the question language does not let it; with reasons.
            Failed: it failed for another reason, such as a provider that cannot be reached.
            Unavailable: the connector does not answer.
        """
        body: dict[str, Any] = {"agreements": _ids(agreement), "sql": sql, "purpose": purpose}
        body |= {"mode": mode} if mode else {}
        body |= {"questionId": question_id} if question_id else {}
        found = self._channel.post("/v1/questions", body)
        with self._readable(found):
            ask = typed and kinds_matter(found["answer"])
            kinds = self._kinds_of(found["answer"], body["agreements"]) if ask else {}
            return Answer(found, sql, self.language, kinds)

    def explain(self, sql: str, *, agreement: Of, purpose: str, mode: str = "") -> Explanation:
        """Say whether a question would be answered, and why; nothing is charged.

        Raises:
            Refused, Failed, Unavailable: as `ask`.
        """
        body: dict[str, Any] = {"agreements": _ids(agreement), "sql": sql, "purpose": purpose}
        body |= {"mode": mode} if mode else {}
        found = self._channel.post("/v1/questions", body | {"explain": True})
        with self._readable():
            return explanation_of(found["explain"], self.language)

    def explain_process(self, pid: str) -> Standing:
        """Say why a negotiation or a transfer stands where it stands, and what helps."""
        found = self._channel.get(f"/v1/explain/{part(pid, 'pid')}", lang=self.language)
        with self._readable():
            return standing_of(found)

    def search(
        self,
        text: str = "",
        *,
        provider: Sequence[str] | str = (),
        domain: Sequence[str] | str = (),
        level: Sequence[str] | str = (),
        mode: Sequence[str] | str = (),
        page: int = 1,
        size: int = 20,
    ) -> list[Product]:
        """Search the shared catalogue, best first; only what its provider signed is shown.

        Args:
            text: words in any language that a hit has, `-word` for one that it has not.
            provider: DIDs; of this and of the next three any of several will do.
            domain: data domains.
            level: data levels.
            mode: query modes.
            page: from 1.
            size: hits of a page, at most 20.
        """
        chosen = {"provider": provider, "domain": domain, "level": level, "mode": mode}
        facets = {k: [v] if isinstance(v, str) else list(v) for k, v in chosen.items() if v}
        found = self._channel.get("/v1/search", text=text, page=page, size=size, **facets)
        with self._readable():
            return [
                product_of(hit["provider"], hit["description"], self.language)
                for hit in found["hits"]
            ]

    def product(self, dataset: str, *, provider: str = "") -> Product:
        """Give one product: from its provider's own catalogue, or found in the shared one.

        Raises:
            Unavailable: there is none of that id, or of several providers.
        """
        if provider:
            products = [one for one in self.products(provider) if one.dataset == dataset]
        else:
            products = [one for one in self.search(dataset) if one.dataset == dataset]
        if len(products) == 1:
            return products[0]
        if not products:
            missing = Unavailable(problems.PRODUCT_MISSING, dataset=dataset)
            raise missing.speaking(self.language)
        several = sorted(one.provider for one in products)
        error = Unavailable(problems.PRODUCT_OF_SEVERAL, dataset=dataset, providers=several)
        raise error.speaking(self.language)

    def products(self, provider: str) -> list[Product]:
        """Give all that a provider offers us, from its own catalogue."""
        found = self._channel.post("/v1/catalog", {"provider": provider})
        with self._readable():
            return [product_of(provider, one, self.language) for one in found["dataset"]]

    def negotiate(
        self,
        provider: str | Product,
        dataset: str = "",
        *,
        offer: str = "",
        seconds: float = 60.0,
        progress: bool | Callable[[Step], None] = False,
    ) -> Agreement:
        """Ask a provider for one of its offers and wait for the agreement.

        Args:
            provider: a product, or the DID of who has it.
            dataset: with a DID, which of its datasets.
            offer: its id, where there are several.
            seconds: how long to wait; the negotiation goes on after that.
            progress: True prints each state on standard error; a function is called with it.

        Raises:
            Declined: it was ended; says by whom and why.
            OtherTerms: the provider offered other terms, and waits for us.
            StillWaiting: the time is up.
            Failed: it cannot be asked for, for example because it is agreed already.
        """
        from connector.client.negotiating import shown_on_stderr, wait

        if isinstance(provider, Product):
            dataset, provider = dataset or provider.dataset, provider.provider
        body = {"provider": provider, "dataset": dataset, "offer": offer}
        found = self._channel.post("/v1/negotiations", body)
        watch = progress if callable(progress) else None
        if progress is True:
            watch = shown_on_stderr(self.language)
        with self._readable():
            agreed = wait(
                self._channel, found, seconds=seconds, watch=watch, language=self.language
            )
        return self.agreement(agreed)

    def agreement(self, agreement_id: str) -> Agreement:
        """Give one agreement."""
        found = self._channel.get(f"/v1/agreements/{part(agreement_id, 'agreement')}")
        with self._readable():
            return agreement_of(found)

    def agreements(self, *, in_force: bool = False) -> list[Agreement]:
        """Give all agreements, the newest first.

        Args:
            in_force: only those under which we may ask now.
        """
        found = self._channel.get("/v1/agreements")
        with self._readable():
            listed = [agreement_of(row) for row in found["agreements"]]
        return [one for one in listed if one.in_force and one.asks] if in_force else listed

    def audit_verify(self, trust: str | os.PathLike[str] | None = None) -> Verified:
        """Export our own evidence and check it, as `voile audit verify` does.

        Args:
            trust: a file that `voile audit trust` wrote; without, this connector is asked for the
                keys, and vouches for itself.

        Raises:
            Unavailable: the bundle or the trust file cannot be read.
        """
        from connector.client.auditing import audit_verify

        with self._readable():
            return audit_verify(self._channel, trust, self.language)

    def node(self) -> Mapping[str, Any]:
        """Give who and how this connector is: DID, role, readiness, size of the log."""
        found: Mapping[str, Any] = self._channel.get("/v1/node")
        return found

    def _kinds_of(self, answer: Mapping[str, Any], agreements: Sequence[str]) -> dict[str, Kind]:
        """Give what keys are by the provider's catalogue; nothing where that is not to be had."""
        try:
            if "provider" in answer:
                provider, dataset = str(answer["provider"]), str(answer["product"])
            else:  # a total: all roster members publish the same table
                first = self.agreement(agreements[0])
                provider, dataset = first.provider, first.dataset
            with self._lock:
                known = self._kinds.get((provider, dataset))
            if known is None:
                known = self.product(dataset, provider=provider).kinds
                with self._lock:
                    self._kinds[provider, dataset] = known
        except (Failed, Unavailable):
            return {}
        return known

    def _readable(self, asked: Any = None) -> AbstractContextManager[None]:
        question = asked.get("questionId") if isinstance(asked, dict) else None
        return readable(str(self._channel.place), self.language, question)


def _ids(agreement: Of) -> list[str]:
    several = [agreement] if isinstance(agreement, str | Agreement) else list(agreement)
    found = [one.id if isinstance(one, Agreement) else one for one in several]
    if not found or not all(str(one).strip() for one in found):
        raise Misused(problems.ID_EMPTY, what="agreement")
    return found
