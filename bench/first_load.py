"""From opening the front page until lots stand on it, nothing cached, on a phone of the middle and its network.

The processor is slowed to a fourth and the network is that of Chromium's "Fast 4G", both by Chromium itself.
"""

from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from bench.browser import chromium
from bench.command import main
from bench.figures import Effort, Figure, percentile
from bench.machine import folder
from bench.server import in_a_day, put_up, settle, vendue

LOTS, VISITS = 100, 20
SLOWED = 4
NETWORK = {"offline": False, "latency": 165, "downloadThroughput": 9e6 / 8 * 0.9, "uploadThroughput": 1.5e6 / 8 * 0.9}
"""Milliseconds a request, bytes a second."""
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 3, "is_mobile": True, "has_touch": True}
AIM_MS = 1000.0
_SEEN = """() => new Promise((seen) => {
  const look = () => (document.querySelector("article h2") ? seen(performance.now()) : requestAnimationFrame(look));
  look();
})"""


def _visit(browser: Any, address: str, *, slow: bool) -> float:
    """Milliseconds from the navigation's start until the frame after which a lot's title is there."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    if slow:
        cdp.send("Network.enable")
        cdp.send("Network.emulateNetworkConditions", NETWORK)
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    page.goto(address, wait_until="commit")
    took: float = page.evaluate(_SEEN)
    context.close()
    return took


def figures(effort: Effort) -> list[Figure]:
    """None where there is no browser."""
    with ExitStack() as stack:
        where = Path(stack.enter_context(folder()))
        people = settle(where / "data")
        server = stack.enter_context(vendue(where / "data"))
        put_up(server, people, in_a_day(LOTS))
        browser = stack.enter_context(chromium())
        if browser is None:
            return []
        address = f"http://127.0.0.1:{server.port}/"
        visits = max(3, int(VISITS * effort.scale))
        found = [(_visit(browser, address, slow=True), _visit(browser, address, slow=False)) for _ in range(visits)]
    slow, quick = [each[0] for each in found], [each[1] for each in found]
    beside, note = median(quick), f"p90 {percentile(slow, 90):.0f} ms, {visits} visits"
    aim = f"within {AIM_MS:.0f} ms"
    return [
        Figure(
            "front page on a phone: lots to read",
            median(slow),
            "ms",
            beside,
            "at full speed",
            aim,
            median(slow) <= AIM_MS,
            note,
        )
    ]


if __name__ == "__main__":
    main(figures)
