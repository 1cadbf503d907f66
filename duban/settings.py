"""What an operator sets by environment (``DUBAN_…``), each with a default that needs nothing."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Secrets come from the environment or from a file, never from the command line or the database."""

    model_config = SettingsConfigDict(env_prefix="DUBAN_", env_file="duban.env", extra="ignore")

    #: where definitions lie, each with its unit file beside it
    definitions_dir: Path = Path(__file__).resolve().parent.parent / "flows" / "notices"
    #: database, mailbox and Prefect's own files
    data_dir: Path = Path("var")
    #: PostgreSQL by URL; empty: SQLite in the data folder
    database_url: str = ""
    #: pages
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    prefect_port: int = Field(default=4200, ge=1, le=65535)
    #: the local mail server of the embedded start; 0: any free port
    mail_port: int = Field(default=8025, ge=0, le=65535)
    #: a real account; empty: the local mail server, which sends nothing on
    smtp_host: str = ""
    smtp_port: int = Field(default=465, ge=1, le=65535)
    smtp_user: str = ""
    smtp_secret: SecretStr = SecretStr("")
    #: a file that holds the secret (授权码); wins over ``smtp_secret``
    smtp_secret_file: Path | None = None
    smtp_tls: Literal["ssl", "starttls", "none"] = "ssl"
    #: the address in From; empty: the login
    smtp_sender: str = ""
    #: mails per connection; empty: as the profile says
    smtp_per_connection: int | None = Field(default=None, ge=1, le=1000)
    #: what the account may be asked to send; empty: by its server, with care for known free mailboxes
    smtp_profile: Literal["", "163", "126", "qq", "exmail", "aliyun", "relay"] = ""
    #: a file of further accounts (YAML or JSON), which names where their secrets lie
    accounts_file: Path | None = None
    #: the address under which people reach the pages; empty: none is printed in mails
    base_url: str = ""
    #: the file of the key under which links are made; empty: ``secret.key`` in the data folder, made at first use
    secret_key_file: Path | None = None

    @property
    def url(self) -> str:
        """The database's URL; a bare ``postgresql://`` uses psycopg 3."""
        url = self.database_url or f"sqlite:///{(self.data_dir / 'duban.db').absolute()}"
        return url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def sends_out(self) -> bool:
        """A real account is configured."""
        return bool(self.smtp_host or self.accounts_file)

    @property
    def key_file(self) -> Path:
        """Where the key of the installation lies."""
        return self.secret_key_file or self.data_dir / "secret.key"

    @property
    def is_https(self) -> bool:
        """People reach the pages by https: cookies are for that alone."""
        return self.base_url.startswith("https://")

    @property
    def maildir(self) -> Path:
        """Where the local mail server keeps what it receives."""
        return self.data_dir / "maildir"

    @property
    def uploads(self) -> Path:
        """Where the files lie that were handed in."""
        return self.data_dir / "uploads"

    @property
    def previews(self) -> Path:
        """Where pictures of their pages are kept; whatever is lost there is made anew."""
        return self.data_dir / "previews"

    @property
    def secret(self) -> str:
        """The account's secret."""
        return secret_in(self.smtp_secret_file) or self.smtp_secret.get_secret_value()


def secret_in(file: Path | None) -> str:
    """What a file of a secret holds; empty without one."""
    return file.read_text(encoding="utf-8").strip() if file else ""
