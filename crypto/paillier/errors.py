"""One refusal for everything that a foreign key, ciphertext or frame can have wrong.

Whoever sends values of his own making and watches which check refused them learns about the secret
key. So all cryptographic refusals carry one code and one text; the reason is kept apart, for the
holder's own log.
"""

from crypto.errors import VerificationError
from crypto.paillier import problems


class PaillierError(VerificationError):
    """A foreign key, proof, ciphertext, layout or plaintext that does not hold."""

    def __init__(self, private_reason: str) -> None:
        """Keep `private_reason` out of message and params: it goes to one's own log only."""
        super().__init__(problems.REFUSED)
        self.private_reason = private_reason
