"""Draw the golden tickets anew, after a change that is meant: `python -m tests.devices.golden_rewrite`."""

from __future__ import annotations

import sys

from PIL import Image

from kiosk.devices.encoding import encode_slip
from kiosk.devices.models import printer_models
from tests.devices.papers import GOLDEN, SLIPS, golden_names, golden_path, same


def main() -> int:
    """Write every picture, remove those nobody asks for; look at `git diff --stat` and at the pictures."""
    GOLDEN.mkdir(exist_ok=True)
    wanted = {}
    for key, model in printer_models().items():
        for name in golden_names(key):
            wanted[golden_path(key, name)] = encode_slip(SLIPS[name], model).picture
    for path in GOLDEN.glob("*.png"):
        if path not in wanted:
            path.unlink()
    for path, picture in wanted.items():
        if picture is not None and not (path.exists() and same(Image.open(path), picture)):
            picture.save(path, optimize=True)
            sys.stdout.write(f"{path.name}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
