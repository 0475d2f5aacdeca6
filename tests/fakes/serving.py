"""The program itself in a process of its own, on the small assistant: `python -m tests.fakes.serving MODEL`."""

import asyncio
import sys
from pathlib import Path

from bot.errors import StrandError
from bot.settings import settings
from tests.fakes.small_model import be_quiet


def main(model: Path, roles: tuple[str, ...]) -> int:
    """Serve until told to stop; an error is one line on standard error, as the command line prints it."""
    be_quiet()
    from bot.serve import serve

    try:
        asyncio.run(
            serve(settings(), roles, lambda ready: print(f"Ready on {ready.chat or ready.console}", flush=True), model)
        )
    except StrandError as error:
        print(f"strand: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), tuple(sys.argv[2:]) or ("chat",)))
