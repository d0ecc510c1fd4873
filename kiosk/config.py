"""Every setting once: name, type, default and help. Read from the environment (`KIOSK_…`) or a `.env` file."""

from __future__ import annotations

import contextlib
import os
import secrets
from functools import cached_property
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

SHORTEST_KEY = 32


class StartRefused(Exception):
    """The product must not run like this; the message says why and what to do."""


class UnsafeSecret(StartRefused):
    """The secret key cannot protect anything; start-up is refused."""


class Settings(BaseSettings):
    """The installation's settings; offices and plugins keep theirs in the database."""

    model_config = SettingsConfigDict(env_prefix="KIOSK_", env_file=".env", extra="ignore", frozen=True)

    data: Path = Field(
        Path("data"), description="Folder for the SQLite database, the secret key and wake-up files."
    )
    database: str = Field(
        "", description="postgresql://user:password@host/name; empty: SQLite inside the data folder."
    )
    bind: str = Field("127.0.0.1:8000", description="Address and port the server listens on.")
    workers: int = Field(2, ge=1, le=32, description="Server processes.")
    threads: int = Field(
        240, ge=8, le=1000, description="Threads a process; every open board and counter holds one."
    )
    public_url: str = Field(
        "", description="Address citizens reach, printed in QR codes; empty: the bind address."
    )
    trusted_hosts: str = Field(
        "", description="Host names the server answers to, comma-separated; empty: any."
    )
    proxies: int = Field(0, ge=0, le=3, description="How many proxies stand in front and set X-Forwarded-*.")
    secret_key: str = Field(
        "", description="Key that signs cookies and check codes; empty: made and kept in data."
    )
    session_hours: int = Field(12, ge=1, le=72, description="Hours after which a sign-in ends.")
    plugins_dir: Path | None = Field(None, description="A further folder of plugins.")
    safe_mode: bool = Field(False, description="Start without any plugin but the built-in ones.")
    demo: bool = Field(False, description="Demo centre: kiosk and board pages open without pairing.")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")

    @property
    def database_url(self) -> str:
        """Where the data is: a PostgreSQL URL, or sqlite:/// and a path."""
        return self.database or f"sqlite:///{self.data / 'kiosk.db'}"

    @property
    def base_url(self) -> str:
        """The address printed in QR codes, without a slash at the end."""
        return (self.public_url or f"http://{self.bind}").rstrip("/")

    @cached_property
    def key(self) -> bytes:
        """The secret key; on first use made, and kept readable by the owner only."""
        if self.secret_key:
            return self.secret_key.encode()
        path = self.data / "secret.key"
        if not path.exists():
            self.data.mkdir(parents=True, exist_ok=True)
            draft = self.data / f"secret.{secrets.token_hex(8)}.tmp"
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_hex(32), encoding="ascii")
            # The name appears with its content, and whoever comes second takes the first one's.
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
            draft.unlink()
        key = path.read_bytes()
        if len(key) < SHORTEST_KEY:
            raise UnsafeSecret(f"{path} is too short to sign with; restore it from the backup or delete it")
        return key
