"""Starts Porras from the command line."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; imports stay inside so that each command loads only what it needs."""
    from tui.hardening import harden_process
    from tui.terminal.leftover import restore_terminals

    harden_process()
    restore_terminals()
    from tui.cli import porras

    sys.exit(porras.main(standalone_mode=True, prog_name="porras"))


if __name__ == "__main__":
    main()
