"""A webhook's receiver on loopback that takes everything, a process of its own: `python -m bench.receiver PORT`."""

import sys

from aiohttp import web


async def take(request: web.Request) -> web.Response:
    """Read a message, and say that it was taken."""
    await request.read()
    return web.Response(status=204)


def main() -> None:
    """Serve until SIGTERM."""
    app = web.Application()
    app.router.add_post("/leads", take)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)


if __name__ == "__main__":
    main()
