"""The kinds of accounts, with safe numbers. Providers keep their own secret; these are below what is known of them."""

from datetime import timedelta

from duban.domain.pace import Profile


def _free(name: str) -> Profile:
    """A free mailbox: what is told of its quotas ranges from 50 to 500 a day."""
    return Profile(
        name=name,
        spacing=timedelta(seconds=6),
        per_window=50,
        per_day=150,
        on_first_day=50,
        per_connection=10,
    )


PROFILES = {
    profile.name: profile
    for profile in (
        _free("163"),
        _free("126"),
        _free("qq"),
        # 500 a day and domain in its basic form, more when paid for
        Profile(
            name="exmail",
            spacing=timedelta(seconds=2),
            per_window=100,
            per_day=500,
            on_first_day=200,
            per_connection=10,
        ),
        # 200 a day are free of charge
        Profile(
            name="aliyun",
            spacing=timedelta(seconds=2),
            per_window=100,
            per_day=200,
            on_first_day=200,
            per_connection=10,
        ),
        # a mail server of our own
        Profile(name="relay"),
    )
}

#: By the end of a server's name, the longest first; whatever else there is, is a relay.
BY_HOST = (
    ("exmail.qq.com", "exmail"),
    ("qiye.163.com", "exmail"),
    ("qiye.aliyun.com", "aliyun"),
    ("mxhichina.com", "aliyun"),
    ("dm.aliyun.com", "aliyun"),
    ("aliyun.com", "163"),
    ("foxmail.com", "qq"),
    ("qq.com", "qq"),
    ("126.com", "126"),
    ("163.com", "163"),
    ("yeah.net", "163"),
    ("139.com", "163"),
    ("189.cn", "163"),
    ("sina.com", "163"),
    ("sina.cn", "163"),
    ("sohu.com", "163"),
)


def profile_of(host: str, name: str = "") -> Profile:
    """The profile that is named, or else the safe one for a server; KeyError for a name that is none."""
    if name:
        return PROFILES[name]
    asked = host.lower().rstrip(".")
    return PROFILES[next((kind for end, kind in BY_HOST if f".{asked}".endswith(f".{end}")), "relay")]
