"""What an attacker tries on the console: cookies, redirects, hostile names, broken requests, what answers give away."""

import asyncio

import pytest
from console import PASSWORD, Browser, Console, Page
from yarl import URL

from bot.errors import DatabaseUnavailable
from bot.staff.access import local_path
from bot.staff.cookies import COOKIE
from bot.staff.headers import POLICY

HOSTILE = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'><b>", "{{ 7 * 7 }}", "javascript:alert(1)")


async def raw(browser: Browser, method: str, path: str, **options: object) -> Page:
    async with browser.client.request(method, path, allow_redirects=False, **options) as response:
        return Page(response.status, response.url.path_qs, await response.text(), response.headers)


async def test_the_cookie_is_as_strict_as_cookies_get(console: Console) -> None:
    browser = await console.browser()
    await console.account("dana")
    await browser.get("/sign-in")
    data = {"csrf": browser.token, "name": "dana", "password": PASSWORD}
    for page in (
        await raw(await console.browser(), "GET", "/sign-in"),
        await raw(browser, "POST", "/sign-in", data=data),
    ):
        cookie = page.headers["Set-Cookie"]
        assert cookie.startswith(f"{COOKIE}=")
        parts = {part.strip() for part in cookie.split(";")[1:]}
        assert parts == {"HttpOnly", "Path=/", "SameSite=Strict", "Secure"}, "no Domain, and it ends with the browser"
        assert "dana" not in cookie


async def test_the_cookie_is_taken_away_as_strictly_as_it_was_given(console: Console) -> None:
    """Browsers ignore whatever would replace a __Host- cookie without being Secure."""
    browser = await console.signed_in()
    console.clock.passes(hours=1)
    cookie = (await raw(browser, "GET", "/static/nothing")).headers.get("Set-Cookie", "")
    assert cookie == "" or "Secure" in cookie
    cookie = (await raw(browser, "GET", "/account")).headers["Set-Cookie"]
    assert cookie.startswith(f'{COOKIE}=""; ')
    assert {"Max-Age=0", "Secure", "Path=/", "HttpOnly"} <= {part.strip() for part in cookie.split(";")}


@pytest.mark.parametrize(
    "path", ["/sign-in", "/static/console.css", "/static/none", "/health", "/nowhere", "/account", "/leads", "/%00"]
)
async def test_every_answer_has_the_headers(console: Console, path: str) -> None:
    for method in ("GET", "HEAD", "POST", "DELETE"):
        page = await raw(await console.browser(), method, path)
        assert page.headers["Content-Security-Policy"] == POLICY
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert page.headers["X-Frame-Options"] == "DENY"
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert page.headers["Server"] == "Strand"
        assert page.headers["Cache-Control"] == (
            "private, no-cache" if page.status == 200 and "css" in path else "no-store"
        )


def test_the_policy_lets_nothing_in_from_elsewhere_and_nothing_inline() -> None:
    assert POLICY.startswith("default-src 'none';")
    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    assert {"frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} <= {
        part.strip() for part in POLICY.split(";")
    }


@pytest.mark.parametrize(
    "hostile",
    [
        "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "javascript:alert(1)",
        "///evil.example", "/\t/evil.example", "/\n/evil.example", "evil.example", " //evil.example", "", "/é",
        "/x\r\nSet-Cookie: a=b", "/\x00", "data:text/html,x", "/\u2028", "http:evil", "//", "/\\/evil.example",
    ],
)  # fmt: skip
async def test_nobody_is_sent_to_another_site_after_signing_in(console: Console, hostile: str) -> None:
    assert local_path(hostile) == "/"
    await console.account("dana")
    browser = await console.browser()
    await browser.get("/sign-in")
    data = {"csrf": browser.token, "name": "dana", "password": PASSWORD, "next": hostile}
    page = await raw(browser, "POST", "/sign-in", data=data)
    assert page.headers.get("Location", "/") == "/"
    assert "a=b" not in str(page.headers), "no header of theirs"


@pytest.mark.parametrize("path", ["/", "/leads?view=new&q=a%20b", "/%2f%2fevil.example", "/a//b", "/..//evil.example"])
def test_paths_of_the_console_are_kept(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize("hostile", HOSTILE)
async def test_hostile_names_and_paths_are_text(console: Console, hostile: str) -> None:
    admin = await console.signed_in("admin")
    await admin.get("/staff")
    stranger = await console.browser()
    pages = [await admin.post("/staff", name=hostile, role="admin"), await stranger.signs_in(hostile)]
    pages.append(await admin.get("/staff/" + hostile.replace("/", "")))
    pages.append(await stranger.get("/sign-in", params={"next": "/" + hostile}))
    pages.append(await stranger.get("/" + hostile))
    for page in pages:
        assert page.status < 500
        assert not any(bad in page.html for bad in ("<script>alert", "<img src=x", "'><b>", ">49<")), page.html


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe=1", "application/x-www-form-urlencoded"),
        (b"csrf=%ff%fe&name=%00", "application/x-www-form-urlencoded"),
        (b"a=b", "application/x-www-form-urlencoded; charset=nonsense"),
        (b"name=\\ud800", "application/x-www-form-urlencoded; charset=raw_unicode_escape"),
        (b"csrf=+2AA-&name=+2AA-", "application/x-www-form-urlencoded; charset=utf-7"),
        (b"garbage", "multipart/form-data; boundary=x"),
        (b"--x\r\n\r\n", "multipart/form-data; boundary=x"),
        (b"garbage", "multipart/form-data"),
        (b'{"name": 1}', "application/json"),
        (b'--x\r\nContent-Disposition: form-data; name="csrf"; filename="a"\r\n\r\nz\r\n--x--\r\n',
         "multipart/form-data; boundary=x"),
    ],
)  # fmt: skip
async def test_a_broken_form_is_refused_in_words(console: Console, body: bytes, kind: str) -> None:
    page = await raw(await console.browser(), "POST", "/sign-in", data=body, headers={"Content-Type": kind})
    assert page.status in (400, 403)
    assert "<h1>" in page.html


async def test_a_body_that_is_not_packed_as_it_says_is_refused_in_words(console: Console) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Content-Encoding": "gzip"}
    page = await raw(await console.browser(), "POST", "/sign-in", data=b"no gzip", headers=kind)
    assert page.status in (400, 403)


async def test_half_a_character_reaches_no_database(console: Console) -> None:
    browser = await console.signed_in()
    await browser.get("/leads")
    body = f"csrf={browser.token}&q=\\ud800".encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded; charset=raw_unicode_escape"}
    page = await raw(browser, "POST", "/leads/search", data=body, headers=kind)
    assert (page.status, "Find a lead is no text" in page.text) == (400, True)


async def test_a_body_that_is_too_long_is_refused_in_words(console: Console) -> None:
    page = await raw(await console.browser(), "POST", "/sign-in", data={"name": "x" * 300_000})
    assert (page.status, "This is too long" in page.text) == (413, True)


async def test_what_is_not_there_is_a_page(console: Console) -> None:
    browser = await console.signed_in()
    page = await browser.get("/nowhere")
    assert (page.status, "There is nothing here" in page.text) == (404, True)
    page = await raw(browser, "DELETE", "/account")
    assert (page.status, page.headers["Allow"]) == (405, "GET,HEAD")
    assert (await raw(browser, "HEAD", "/account")).html == ""


async def test_a_defect_is_a_page_that_gives_nothing_away(
    console: Console, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    browser = await console.signed_in("admin")

    def fail(_session: object) -> None:
        raise ValueError("marguerite@mail.example")

    monkeypatch.setattr("bot.staff.accounts.everyone", fail)
    page = await browser.get("/staff")
    assert (page.status, "This went wrong" in page.text) == (500, True)
    assert "marguerite" not in page.html + caplog.text
    assert "ValueError" in caplog.text


async def test_files_are_kept_until_they_change(console: Console) -> None:
    browser = await console.browser()
    page = await raw(browser, "GET", "/static/console.css")
    assert page.headers["Content-Type"] == "text/css; charset=utf-8"
    again = await raw(browser, "GET", "/static/console.css", headers={"If-None-Match": page.headers["ETag"]})
    assert (again.status, again.html, again.headers["ETag"]) == (304, "", page.headers["ETag"])
    assert (await raw(browser, "GET", "/static/console.css", headers={"If-None-Match": '"x"'})).status == 200


@pytest.mark.parametrize("name", ["..%2fapp.py", "%2e%2e/app.py", "app.py", "console.css%00", "..%5capp.py"])
async def test_no_other_file_is_given_out(console: Console, name: str) -> None:
    page = await raw(await console.browser(), "GET", f"/static/{name}")
    assert page.status == 404
    assert "make_app" not in page.html


async def test_files_need_neither_an_account_nor_a_cookie(console: Console) -> None:
    page = await raw(await console.browser(), "GET", "/static/console.js")
    assert page.status == 200
    assert "Set-Cookie" not in page.headers


async def test_without_its_database_the_console_says_so(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = await console.signed_in("admin")
    await browser.get("/staff")

    async def refuse(*_: object, **__: object) -> None:
        raise DatabaseUnavailable("the database failed: marguerite@mail.example")

    monkeypatch.setattr(console.database, "run", refuse)
    for page in (await browser.get("/account"), await browser.post("/staff", name="x", role="admin")):
        assert (page.status, "The database gives no answer" in page.text) == (503, True)
        assert "marguerite" not in page.html
    assert (await browser.get("/health")).status == 200
    assert (await browser.get("/static/console.css")).status == 200
    monkeypatch.undo()
    assert (await browser.get("/staff")).status == 200, "nobody was signed out by it"


async def test_answers_to_several_at_once_are_not_mixed_up(console: Console) -> None:
    browsers = {name: await console.signed_in(name=name) for name in ("dana", "j.ortiz", "kim")}
    pages = await asyncio.gather(*(browser.get("/account") for browser in browsers.values() for _ in range(5)))
    names = [name for name in browsers for _ in range(5)]
    assert all(f"Name {name} Role" in page.text for name, page in zip(names, pages, strict=True))


@pytest.mark.parametrize("part", ["%00", "%ff", "%ed%a0%80", "%0d%0aSet-Cookie:a=b", "%E2%80%AE"])
async def test_half_characters_in_an_address_are_no_defect(console: Console, part: str) -> None:
    browser = await console.signed_in("admin")
    for path in (f"/staff/{part}", f"/leads/{part}", f"/conversations/{part}"):
        page = await browser.get(URL(path, encoded=True))
        assert page.status == 404
    assert (await browser.get(URL(f"/sign-in?next={part}", encoded=True))).status in (200, 400)
