"""Which network addresses and ports a document may be fetched from.

`ipaddress.is_global` is not asked: what it calls global differs between releases of Python and has included
multicast, 6to4, NAT64 and the metadata services of clouds. The registries of IANA are written out instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

CLOSED_V4 = [
    IPv4Network(net)
    for net in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's platform services, in public space but reachable from inside only
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
]
OPEN_V6 = IPv6Network("2000::/3")
CLOSED_V6 = [IPv6Network(net) for net in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]
NAT64 = IPv6Network("64:ff9b::/96")

# The block list of the Fetch standard, and the usual ports of databases, brokers and remote desktops.
CLOSED_PORTS = frozenset(
    int(port)
    for port in """
        0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115
        117 119 123 135 137 139 143 161 179 389 427 445 465 512 513 514 515 526 530 531 532 540 548 554 556
        563 587 601 636 989 990 993 995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666
        6667 6668 6669 6679 6697 10080 1433 1521 2375 2376 2379 3306 3389 5432 5672 5900 6379 9200 9300
        11211 27017
    """.split()  # noqa: SIM905 - a table reads better than a hundred commas
)


def networks(items: Sequence[str]) -> list[Network]:
    """The networks of a setting; a single address is a network of its own. Raises ValueError."""
    return [ip_network(item, strict=False) for item in items]


def may_be_fetched(text: str, opened: Sequence[Network]) -> bool:
    """True for a public address and for one of `opened`; an IPv4 address inside an IPv6 one counts."""
    address = _unwrapped(ip_address(text))
    if any(address.version == net.version and address in net for net in opened):
        return True
    if isinstance(address, IPv4Address):
        return not any(address in net for net in CLOSED_V4)
    return address in OPEN_V6 and not any(address in net for net in CLOSED_V6)


def _unwrapped(address: Address) -> Address:
    """The IPv4 address behind a mapped or translated one. 6to4 and Teredo stay what they are, and closed."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address in NAT64:  # what DNS64 gives for public names in networks without IPv4
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address
