"""The headers that every answer of the chat role carries: what browsers may do with it, and nobody else."""

from aiohttp import web

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
NO_PAGE_POLICY = "default-src 'none'; frame-ancestors 'none'"
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
PAGES = ("/",)
SHARED = ("/widget.js", "/widget/")


async def set_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Add the headers to an answer that is about to be sent."""
    headers = response.headers
    shared = request.path.startswith(SHARED)
    headers["Server"] = "Strand"
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Permissions-Policy"] = PERMISSIONS
    headers["Content-Security-Policy"] = PAGE_POLICY if request.path in PAGES else NO_PAGE_POLICY
    headers["Cross-Origin-Resource-Policy"] = "cross-origin" if shared else "same-origin"
    headers.setdefault("Cache-Control", "no-store")
    if shared or request.path.startswith("/chat/"):
        _share(request, response)


def _share(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.add("Vary", "Origin")
    origin = request.get("origin")
    if origin:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"
