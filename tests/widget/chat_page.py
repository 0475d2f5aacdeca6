"""The widget in a browser's page as a visitor has it before them, found by its parts."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import ConsoleMessage, Locator, Page, expect

NETWORK = ("Failed to load resource:", "WebSocket connection to")
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
# What the focus is on, through every shadow root.
FOCUSED = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at?.getAttribute("part") ?? at?.dataset.title ?? at?.dataset.action ?? at?.localName;
}"""
MOVED = """(before) => {
  const it = document.querySelector("strand-chat").shadowRoot.querySelector("[part=transcript]");
  return it.scrollTop < before;
}"""
# Collects what a screen reader would say.
LISTENING = """() => {
  const log = document.querySelector("strand-chat").shadowRoot.querySelector("[part=log]");
  window.read = [];
  new MutationObserver((all) => all.forEach((one) =>
    one.addedNodes.forEach((node) => read.push(node.textContent)))).observe(log, { childList: true });
}"""
SEEN = "window.seenViolations ??= []; addEventListener('securitypolicyviolation', (event) => " + (
    "seenViolations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));"
)


class Chat:
    """A page with the widget. `faults` collects what went wrong in it: exceptions and errors on its console."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(f"exception: {error}"))
        page.on("console", self._read)

    def _read(self, line: ConsoleMessage) -> None:
        # That a request failed is the browser's remark, and what many of these tests are about.
        if line.type == "error" and not line.text.startswith(NETWORK):
            self.faults.append(f"console: {line.text}")

    async def visit(self, address: str) -> "Chat":
        """Load a page and wait for the launcher."""
        await self.page.add_init_script(SEEN)
        await self.page.goto(address)
        await expect(self.part("launcher")).to_be_visible()
        return self

    def part(self, name: str) -> Locator:
        return self.page.locator(f"strand-chat [part='{name}']")

    @property
    def field(self) -> Locator:
        return self.part("field")

    @property
    def messages(self) -> Locator:
        return self.part("message")

    @property
    def last(self) -> Locator:
        return self.messages.last

    def said_by(self, author: str) -> Locator:
        return self.page.locator(f"strand-chat [part='message'][data-from='{author}']")

    def button(self, title: str) -> Locator:
        """The newest button of a name."""
        return self.part("panel").get_by_role("button", name=title, exact=True).last

    async def open(self) -> "Chat":
        await self.part("launcher").click()
        await expect(self.part("panel")).to_be_visible()
        await expect(self.part("panel")).to_have_attribute("data-state", "online")
        return self

    async def says(self, text: str) -> None:
        """Type a message and send it."""
        await self.field.fill(text)
        await self.field.press("Enter")

    async def asks(self, text: str, answer: str = "") -> Locator:
        """Send a message and wait for the answer, which is returned."""
        count = await self.said_by("assistant").count()
        await self.says(text)
        return await self.answered(count, answer)

    async def chooses(self, title: str, answer: str = "") -> Locator:
        """Press a button and wait for the answer."""
        count = await self.said_by("assistant").count()
        await self.button(title).click()
        return await self.answered(count, answer)

    async def answered(self, count: int, answer: str = "") -> Locator:
        """The answer that comes after `count` others."""
        await expect(self.said_by("assistant")).to_have_count(count + 1)
        if answer:
            await expect(self.last).to_contain_text(answer)
        return self.last

    async def tries_again(self) -> None:
        """Have the widget look for its server at once rather than after a pause, as when the network comes back."""
        await self.page.evaluate("() => dispatchEvent(new Event('online'))")

    async def scrolls_up(self, by: int = 600) -> int:
        """Turn the wheel over the transcript and wait until it has moved; how far from its beginning it then stands."""
        transcript = self.part("transcript")
        await transcript.hover()
        before = await transcript.evaluate("(it) => it.scrollTop")
        await self.page.mouse.wheel(0, -by)
        await self.page.wait_for_function(MOVED, arg=before)
        found: int = await transcript.evaluate("(it) => it.scrollTop")
        return found

    async def visitor_texts(self) -> list[str]:
        return await self.page.locator("strand-chat [data-from='visitor'] .bubble").all_inner_texts()

    async def focused(self) -> str:
        """The part, title, action or name of what has the focus."""
        found: str = await self.page.evaluate(FOCUSED)
        return found

    async def is_listened_to(self) -> None:
        """From here on, note what a screen reader would say."""
        await self.page.evaluate(LISTENING)

    async def read_out(self) -> list[str]:
        """What a screen reader has said."""
        found: list[str] = await self.page.evaluate("() => window.read")
        return found

    async def violations(self) -> list[str]:
        """What axe-core finds against all of WCAG 2.0 to 2.2, A and AA; it looks into shadow roots."""
        options = {"runOnly": {"type": "tag", "values": list(TAGS)}, "resultTypes": ["violations"]}
        found = await Axe().run(self.page, options=options)
        return [
            f"{rule['id']}: {node['target']} {node.get('failureSummary', '')} {node['html'][:160]}"
            for rule in found.response["violations"]
            for node in rule["nodes"]
        ]

    async def policy_violations(self) -> list[str]:
        found: list[str] = await self.page.evaluate("() => window.seenViolations")
        return found

    async def measured(self, selector: str) -> Sequence[Mapping[str, Any]]:
        """The sizes of what can be seen of `selector` in the widget."""
        script = """(elements) => elements.filter((one) => one.checkVisibility()).map((one) => {
          const {width, height, left, right} = one.getBoundingClientRect();
          return {width, height, left, right, of: one.outerHTML.slice(0, 120), font: getComputedStyle(one).fontSize};
        })"""
        found: Sequence[Mapping[str, Any]] = await self.page.locator(f"strand-chat {selector}").evaluate_all(script)
        return found


# Brings a visitor to the demo page: `await visitor(width=360)`.
Visitor = Callable[..., Awaitable[Chat]]
