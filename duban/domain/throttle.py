"""How often something may be tried. Real time, never the demo's."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class Limit:
    """So many tries within so long; then no more until the window is over."""

    name: str
    tries: int
    window: timedelta


_QUARTER = timedelta(minutes=15)

#: Wrong passwords of one account from one address.
ACCOUNT = Limit(name="login", tries=10, window=_QUARTER)
#: Wrong passwords from one address, whatever the account: an office may share one.
ADDRESS = Limit(name="address", tries=100, window=_QUARTER)
#: Links asked for by one account: mail is not a weapon.
LINK = Limit(name="link", tries=3, window=_QUARTER)
#: Links asked for from one address.
LINKS = Limit(name="links", tries=30, window=_QUARTER)
#: Wrong 口令 of one unit in one session or from one address.
WORD = Limit(name="word", tries=10, window=_QUARTER)
