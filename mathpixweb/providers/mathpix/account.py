"""Which server is asked, and as whom."""

from __future__ import annotations

from dataclasses import dataclass, field

# the address of the European region is the reference's own; Singapore's is formed alike
REGIONS = {
    "us": "https://api.mathpix.com",
    "eu": "https://eu-central-1.api.mathpix.com",
    "sg": "https://ap-southeast-1.api.mathpix.com",
}


@dataclass(frozen=True, slots=True)
class Account:
    """`base_url` has no slash at the end."""

    base_url: str
    app_id: str = field(repr=False)
    app_key: str = field(repr=False)

    @property
    def headers(self) -> dict[str, str]:
        named = {"app_id": self.app_id} if self.app_id else {}
        return {**named, "app_key": self.app_key}
