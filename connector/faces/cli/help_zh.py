"""Help in Chinese: all of it. English stands beside the options and in the docstrings."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from connector.faces.cli.help_zh_contracts import CONTRACTS
from connector.faces.cli.help_zh_hub import HUB
from connector.faces.cli.help_zh_market import MARKET
from connector.faces.cli.help_zh_node import NODE
from connector.faces.cli.help_zh_owner import OWNER
from connector.faces.cli.help_zh_said import Said

# by the path of a command, without `voile`
WORDS: Final[Mapping[str, Said]] = MappingProxyType({**NODE, **MARKET, **CONTRACTS, **HUB, **OWNER})
