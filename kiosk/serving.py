"""The web server: gunicorn with threads, set up in code so that `kiosk serve` needs no further file."""

from __future__ import annotations

from typing import Any

from gunicorn.app.base import BaseApplication

from kiosk.config import Settings


class Server(BaseApplication):
    """Runs `kiosk.app.application` in several processes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Threads hold sockets, so there are many; the rest keeps a slow or silent client from holding one."""
        options: dict[str, Any] = {
            "bind": self._settings.bind,
            "workers": self._settings.workers,
            "worker_class": "gthread",
            "threads": self._settings.threads,
            "graceful_timeout": 2,
            "timeout": 60,
            "keepalive": 30,
            "limit_request_line": 4094,
            "limit_request_fields": 60,
            "proc_name": "kiosk",
            "control_socket_disable": True,
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """Each process builds its own app after the fork: nothing is shared but the database."""
        from kiosk.app import create_app

        return create_app(self._settings)


def serve(settings: Settings) -> None:
    """Serve until told to stop."""
    Server(settings).run()
