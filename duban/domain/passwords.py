"""What a password must be. Length counts, not kinds of letters (NIST SP 800-63B 5.1.1.2)."""

from duban.domain.errors import InputRefused

SHORTEST, LONGEST = 10, 200
#: What is tried first, and what a keyboard or a calendar gives; compared in small letters, without marks.
_WORDS = (
    "1234567890 0123456789 12345678910 123456789a a123456789 1q2w3e4r5t 1qaz2wsx3edc qwertyuiop qwerty12345 "
    "qwerty123456 asdfghjkl123 zxcvbnm123 password123 password1234 passw0rd123 p@ssw0rd123 admin12345 admin123456 "
    "administrator administrator1 iloveyou123 woaini1314 woaini5201314 5201314520 1314520520 duban12345 "
    "abc1234567 abcd123456 abcdefghij abc123456789 aa123456789 qq123456789 1122334455 9876543210 0987654321 "
    "letmein123 welcome123 changeme123 test123456 jiaoyuju123 jiaoyuting123 "
)
_COMMON = frozenset(_WORDS.split())


def check_password(password: str, *, address: str) -> None:
    """Raise InputRefused, with what to do, unless the password is long enough and not an obvious one."""
    if len(password) < SHORTEST:
        raise InputRefused(f"密码至少{SHORTEST}个字符", f"a password has at least {SHORTEST} characters")
    if len(password) > LONGEST:
        raise InputRefused(f"密码至多{LONGEST}个字符", f"a password has at most {LONGEST} characters")
    plain = password.casefold().strip()
    if plain in _COMMON or len(set(plain)) < 4 or _is_of(address, plain):
        raise InputRefused("这个密码太常见，请换一个", "this password is too common: choose another one")


def _is_of(address: str, plain: str) -> bool:
    """Nothing but the address, or its name, with some digits."""
    name = address.casefold().partition("@")[0]
    return plain.strip("0123456789!@#.") in (name, address.casefold())
