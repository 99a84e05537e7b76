"""The second factor of signing in: six digits that an app on the phone makes anew every 30 seconds (TOTP)."""

from __future__ import annotations

import hmac
import secrets
import time

import pyotp

from mathpixweb.accounts import keys, sealing
from mathpixweb.accounts.models import User

ISSUER = "MathpixWeb"
STEP_SECONDS = 30
CLOCKS_DIFFER = 1  # steps
RECOVERY_CODES = 8


def new_secret() -> str:
    return pyotp.random_base32()


def address(user: User, secret: str) -> str:
    """What the square picture says that phones scan."""
    return pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=ISSUER)


def switch_on(user: User, secret: str, code: str) -> list[str] | None:
    """Asks for it from now on; the recovery codes, shown once. None when the code is not of the secret."""
    step = _step(secret, code)
    if step is None:
        return None
    codes = [f"{secrets.token_hex(3)}-{secrets.token_hex(3)}" for _ in range(RECOVERY_CODES)]
    user.totp_secret, user.totp_step = sealing.seal(secret), step
    user.recovery_hashes = [keys.fingerprint(code) for code in codes]
    user.save(update_fields=["totp_secret", "totp_step", "recovery_hashes"])
    return codes


def switch_off(user: User) -> None:
    user.totp_secret, user.recovery_hashes = "", []
    user.save(update_fields=["totp_secret", "recovery_hashes"])


def accepts(user: User, code: str) -> bool:
    """Whether the code is the phone's or an unused recovery code; each works once."""
    code = code.strip().replace(" ", "").lower()
    return _accepts_recovery(user, code) or _accepts_phone(user, code)


def _accepts_phone(user: User, code: str) -> bool:
    try:
        secret = sealing.unseal(user.totp_secret)
    except sealing.Unreadable:
        return False
    step = _step(secret, code)
    if step is None:
        return False
    # somebody who has looked over the shoulder must not use the same digits again
    return bool(User.objects.filter(pk=user.pk, totp_step__lt=step).update(totp_step=step))


def _accepts_recovery(user: User, code: str) -> bool:
    known = keys.fingerprint(code)
    if known not in user.recovery_hashes:
        return False
    rest = [other for other in user.recovery_hashes if other != known]
    same = User.objects.filter(pk=user.pk, recovery_hashes=user.recovery_hashes)
    return bool(same.update(recovery_hashes=rest))


def _step(secret: str, code: str) -> int | None:
    """The interval of 30 seconds to which the code belongs, if it is about now."""
    phone, now = pyotp.TOTP(secret), int(time.time()) // STEP_SECONDS
    steps = range(now - CLOCKS_DIFFER, now + CLOCKS_DIFFER + 1)
    given = code.encode(errors="replace")  # as text it may hold what compare_digest refuses
    return next(
        (step for step in steps if hmac.compare_digest(phone.generate_otp(step).encode(), given)), None
    )
