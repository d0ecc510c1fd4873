"""Where the files that are not Python lie: in the checkout if there is one, else inside the installed package."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent


def _root() -> Path:
    # A wheel lies in site-packages, where no pyproject.toml stands beside the package.
    return _CHECKOUT if (_CHECKOUT / "pyproject.toml").is_file() else _PACKAGE / "_data"


def web_templates() -> Path:
    """The folder of page and print templates."""
    return _root() / "web" / "templates"


def web_dist() -> Path:
    """The folder of built styles, scripts and fonts; its `manifest.json` maps `js/board.js` to the real name."""
    return _root() / "web" / "dist"


def plugins_dir() -> Path:
    """The folder whose subfolders are plugins."""
    return _root() / "plugins"


def firmware_dir() -> Path:
    """The folder of ready configurations for kiosks, printers, boards and buttons."""
    return _root() / "firmware_configs"


def migrations_dir() -> Path:
    """The folder of the core's own database migrations; each plugin has one in its own folder."""
    return _PACKAGE / "migrations"
