"""What can be wrong with a protocol message, by whose fault it is.

```
VoileError
└── ProtocolError                a message and a process do not fit
    ├── LocalProtocolError       we were about to send what the machine forbids
    └── RemoteProtocolError      the peer sent it; `status` is the answer it gets
        ├── MalformedMessageError     400  not the shape the specification gives it
        ├── IllegalMessageError       400  a well-formed message in the wrong state
        ├── UnsupportedFilterError    400  a catalogue filter other than plain paging
        ├── UnacceptableTermsError    400  an offer or agreement that is not what was talked about
        └── UnknownProcessError       404  unknown and not yours look the same
```
"""

from __future__ import annotations

from typing import ClassVar

from crypto.errors import VoileError


class ProtocolError(VoileError):
    """A message and the state of its process do not fit together."""


class LocalProtocolError(ProtocolError):
    """We were asked to send a message that the machine does not allow now."""


class RemoteProtocolError(ProtocolError):
    """The peer sent what cannot be taken; `status` is the HTTP code it is answered with."""

    status: ClassVar[int] = 400


class MalformedMessageError(RemoteProtocolError):
    """Bytes that are not the message they should be; `params` hold `pointer`, `expected`, `got`."""


class IllegalMessageError(RemoteProtocolError):
    """A well-formed message that its process does not allow in its present state."""


class UnsupportedFilterError(RemoteProtocolError):
    """A catalogue filter that is neither absent, nor empty, nor plain paging."""


class UnacceptableTermsError(RemoteProtocolError):
    """An offer or an agreement whose terms or parties are not those expected."""


class UnknownProcessError(RemoteProtocolError):
    """No such process for this caller; says the same for unknown and for somebody else's."""

    status: ClassVar[int] = 404


class NotYetError(RemoteProtocolError):
    """A message that would be ambiguous beside ours in flight; the peer sends it again."""

    status: ClassVar[int] = 503
