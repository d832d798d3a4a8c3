"""What a bundle says of itself, to whoever opens its folder."""

from typing import Final

README: Final = """\
Evidence of one party of a data space, as it stood when this was made.

  voile audit verify FOLDER --trust FILE     checks all of it, offline
  voile audit diff A B --trust FILE          lays two parties' bundles side by side
  voile audit drill FOLDER --trust FILE      shows that every change of it is found

Trust comes from outside: keys/ is what the party itself says and vouches for nothing.
`voile audit trust` makes a trust file; compare its thumbprints with the parties'.

  manifest.json, manifest.jws   digest of every file, signed by the party
  checkpoint                    signed head of its log (C2SP checkpoint)
  log/entries.jsonl             every leaf, one a line: RFC 6962 hash of the line without its end
  log/leaf-hashes               these hashes, 32 bytes each
  agreements/                   agreements, with the signature of each stage
  peers/                        heads of other parties' logs that this party has seen
  acks/                         what others promised: which leaf of their log tells of a message

Only where the bundle was opened (voile audit export --open, or --open SESSION of a total):

  opened/entries.jsonl          salts and details behind the commitments in leaves
  opened/total-SESSION.json     what the product of a total holds, from who asked for it
  signed/                       answers and other signed statements that leaves name

What a supplier contributed to a total is opened for a session that it names, never else.

Without the connector (Python 3.11 or newer, nothing to install, no network):

  python3 -I verify.py FOLDER --trust FILE   checks it a second way

Take verify.py from the release of the software and compare its SHA-256 with the one in the README
there. The copy beside this file is a convenience of whoever gave you the folder, who could have
changed it: the manifest does not name it, and neither verifier looks at it.

Not in this version of the format: tiles, witnesses.
"""
