"""What an owner can do with the protocol: read catalogues, negotiate, see agreements, transfer."""

from __future__ import annotations

from typing import Final

from connector.areas.dsp import records, records_of_agreements
from connector.party.operation import Operation
from connector.process.actor import Role
from crypto.words import Words

STEWARD: Final[frozenset[Role]] = frozenset({"steward", "cdo"})
CDO: Final[frozenset[Role]] = frozenset({"cdo"})
READERS: Final[frozenset[Role]] = STEWARD | {"auditor"}
_WHY: Final = "`reason` is one text or a list, for the other side"
_PID: Final = {"pid": Words("本方的流程编号", "our own id of the process")}
_AGREEMENT: Final = {
    "agreement_id": Words(
        "合约的 @id，或本方协商的 pid",
        "@id of the agreement, or our own pid of its negotiation",
    )
}

CATALOG: Final = Operation(
    name="catalog.show",
    method="POST",
    path="/v1/catalog",
    words=Words(
        "读取某个提供方的 DSP 目录（全部分页）",
        "read what a provider offers us: its DSP catalogue, all pages",
    ),
    detail="`provider` (whom we asked), `claimsToBe` (what its catalogue calls itself, if something"
    " else), `shown`, `pages`, `repeated`, `cut` (`{after, page, why}` where it was not read to its"
    " end, else null), `unreadable`: `[{dataset, part, id, why}]`, the parts that cannot be read"
    " and the offers whose terms are not understood",
    may=STEWARD,
    body=records.Provider,
    reply=records.Catalog,
)
NEGOTIATE: Final = Operation(
    name="negotiation.open",
    method="POST",
    path="/v1/negotiations",
    words=Words("向提供方请求一项要约，发起协商", "ask a provider for one of its offers"),
    detail="A negotiation is under way then; with `policy`, an offer as the catalogue shows it, the"
    " provider is not asked for its offers again",
    may=CDO,  # what is asked for as it was published is a contract without another step
    body=records.Wish,
    reply=records.Negotiation,
    status=201,
    leaf="NEGOTIATION",
)
NEGOTIATIONS: Final = Operation(
    name="negotiation.list",
    method="GET",
    path="/v1/negotiations",
    words=Words("协商列表，最新的在前", "negotiations, the newest first"),
    detail="`offerDiffers` where an offer waits for us",
    may=READERS,
    reply=records.Negotiations,
)
NEGOTIATION: Final = Operation(
    name="negotiation.show",
    method="GET",
    path="/v1/negotiations/{pid}",
    named=_PID,
    words=Words(
        "一项协商的状态，以及对方要约与所请求内容的差异",
        "one negotiation: where it stands, what is offered, what differs from what was asked",
    ),
    detail="`offer`: `{policy, digest, unreadable, asked, differs, differences}`, the offer on the"
    " table beside what was asked for",
    may=READERS,
    reply=records.Negotiation,
)
ACCEPT: Final = Operation(
    name="negotiation.accept",
    method="POST",
    path="/v1/negotiations/{pid}/accept",
    named=_PID,
    words=Words("接受提供方的要约", "accept the provider's offer"),
    detail="`terms` is its `digest`, needed where it `differs` (409 `offer-differs`); terms that"
    " cannot be read or kept are 403",
    may=CDO,
    body=records.Acceptance,
    reply=records.Negotiation,
    leaf="NEGOTIATION",
)
TERMINATE: Final = Operation(
    name="negotiation.terminate",
    method="POST",
    path="/v1/negotiations/{pid}/terminate",
    named=_PID,
    words=Words("终止一项协商", "end a negotiation"),
    detail=_WHY,
    may=CDO,
    body=records.Cause,
    reply=records.Negotiation,
    leaf="NEGOTIATION",
)
AGREEMENTS: Final = Operation(
    name="agreement.list",
    method="GET",
    path="/v1/agreements",
    words=Words("全部合约，最新的在前", "all agreements, the newest first"),
    detail="`signatures` none, own or mutual; `state`: `not concluded`, `not begun`, `in force`,"
    " `expired` (`not begun` and `expired` by its own dates), `ended`, or `unreadable`, for which"
    " `unreadable` says why; `inForce` is true for the one",
    may=READERS,
    reply=records_of_agreements.Agreements,
)
AGREEMENT: Final = Operation(
    name="agreement.show",
    method="GET",
    path="/v1/agreements/{agreement_id}",
    slashes=frozenset({"agreement_id"}),
    named=_AGREEMENT,
    words=Words(
        "一份合约：正文、已签署的各阶段、进行中的传输、由谁因何终止",
        "one agreement: body, signed stages, open transfers, by whom and why it ended",
    ),
    may=READERS,
    reply=records_of_agreements.WholeAgreement,
)
END: Final = Operation(
    name="agreement.end",
    method="POST",
    path="/v1/agreements/{agreement_id}/end",
    slashes=frozenset({"agreement_id"}),
    named=_AGREEMENT,
    words=Words("终止一份合约，无论其下有无传输", "end an agreement, with or without a transfer"),
    detail="`told` says whether the other side is a Voile and hears of it; " + _WHY,
    may=CDO,
    body=records.Cause,
    reply=records_of_agreements.EndedAgreement,
    leaf="AGREEMENT",
)
RECOVER: Final = Operation(
    name="agreement.recover",
    method="POST",
    path="/v1/agreements/recover",
    words=Words(
        "向提供方取回本库丢失的合约",
        "get agreements back from their provider that this database lost",
    ),
    detail="`{recovered, known, refused}`; only what bears our own signature and the provider's is"
    " taken",
    may=CDO,
    body=records.Provider,
    reply=records_of_agreements.Recovered,
    leaf="AGREEMENT",
)
TRANSFER: Final = Operation(
    name="transfer.open",
    method="POST",
    path="/v1/transfers",
    words=Words("为一份合约开启传输", "open a transfer of an agreement of ours"),
    detail="The one that is open already is enough; `dataAddress` is where an `HttpData-PUSH` goes,"
    " as DSP writes it",
    may=STEWARD,
    body=records.Opening,
    reply=records.Transfer,
    status=201,
    leaf="TRANSFER",
)
TRANSFERS: Final = Operation(
    name="transfer.list",
    method="GET",
    path="/v1/transfers",
    words=Words("传输列表，最新的在前", "transfers, the newest first"),
    detail="`dataAddress` may open something: it is null for an auditor, here and wherever a"
    " transfer is shown",
    may=READERS,
    reply=records.Transfers,
)
ONE_TRANSFER: Final = Operation(
    name="transfer.show",
    method="GET",
    path="/v1/transfers/{pid}",
    named=_PID,
    words=Words("一项传输的状态", "one transfer: where it stands"),
    may=READERS,
    reply=records.Transfer,
)
SUSPEND: Final = Operation(
    name="transfer.suspend",
    method="POST",
    path="/v1/transfers/{pid}/suspend",
    named=_PID,
    words=Words(
        "暂停一项传输；提供方的暂停只有提供方自己能解除",
        "pause a transfer; only the provider lifts its own pause",
    ),
    detail="It holds for the agreement, not for this transfer alone. " + _WHY,
    may=STEWARD,
    body=records.Cause,
    reply=records.Transfer,
    leaf="TRANSFER",
)
RESUME: Final = Operation(
    name="transfer.resume",
    method="POST",
    path="/v1/transfers/{pid}/resume",
    named=_PID,
    words=Words("恢复一项已暂停的传输", "lift a pause of a transfer"),
    may=STEWARD,
    body=records.Cause,
    reply=records.Transfer,
    leaf="TRANSFER",
)
COMPLETE: Final = Operation(
    name="transfer.complete",
    method="POST",
    path="/v1/transfers/{pid}/complete",
    named=_PID,
    words=Words("声明一项传输已完成", "say that a transfer is complete"),
    may=STEWARD,
    body=records.Cause,
    reply=records.Transfer,
    leaf="TRANSFER",
)
STOP: Final = Operation(
    name="transfer.terminate",
    method="POST",
    path="/v1/transfers/{pid}/terminate",
    named=_PID,
    words=Words("终止一项传输", "end a transfer"),
    detail="Where its provider does, the agreement ends with it. " + _WHY,
    may=CDO,
    body=records.Cause,
    reply=records.Transfer,
    leaf="TRANSFER",
)
EXPLAIN: Final = Operation(
    name="process.explain",
    method="GET",
    path="/v1/explain/{pid}",
    named=_PID,
    words=Words(
        "说明一项协商或传输为何停在当前状态，以及如何处理",
        "say why a negotiation or transfer stands where it stands, and what helps",
    ),
    detail="`?lang` is `zh` or `en`."
    " Whose turn, last attempt, what we refused of the peer's (`refused`, the newest five),"
    " what it said of its state (`peerState`), the offer, what helps; `reach`: why others may not"
    " find us, empty where they do",
    may=READERS,
    query=records.Language,
    reply=records_of_agreements.Explained,
)
