"""`python -m bot`, and the `caravane` command."""

from __future__ import annotations

import gc


def main() -> None:
    """Run the command line."""
    # Importing makes many objects and no garbage: looking for some takes a tenth of a short
    # command, and every later look is shorter without them.
    gc.disable()
    from bot.cli import app  # noqa: PLC0415

    gc.freeze()
    gc.enable()
    app(prog_name="caravane")


if __name__ == "__main__":
    main()
