"""`python -m crmsync`, and the `crmsync` command."""

from __future__ import annotations


def main() -> None:
    """Runs the command line."""
    from crmsync.cli.main import run

    run()


if __name__ == "__main__":
    main()
