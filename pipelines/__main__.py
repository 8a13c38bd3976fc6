"""The program: `findings`, and `python -m pipelines`."""

from __future__ import annotations

import signal


def main() -> None:
    """Run the command line; Ctrl-C ends it without a traceback while it still loads, too."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from pipelines.cli import main as begin

    begin()


if __name__ == "__main__":
    main()
