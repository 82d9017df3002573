"""The app's front page in a real browser while 500 lots change 200 times a second: frames, and memory.

Frames are those that the browser's own tracing says it displayed. The page is made to want one at each of the display's
turns and to scroll all the while, so that a frame that is missing is one that the page was too slow for.
"""

import json
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.browser import chromium
from bench.command import main
from bench.figures import Effort, Figure, percentile
from bench.load import Bidding, finish
from bench.machine import folder
from bench.server import in_a_day, put_up, settle, vendue

LOTS, PER_SECOND = 500, 200
SECONDS = 600.0
"""At full effort: ten minutes."""
CONNECTIONS, DELAY_MS = 16, 75
"""Together some 200 bids a second."""
AIM_FRAMES, AIM_MEMORY = 50.0, 1.1
_DISPLAYED = "disabled-by-default-display.framedisplayed"
_SLICE_S = 30.0
"""Traced at a time; memory is read after each."""
_BUSY = """() => {
  let down = true;
  const turn = () => {
    const { scrollY, innerHeight } = window, most = document.documentElement.scrollHeight - innerHeight;
    if (scrollY >= most - 1) down = false;
    if (scrollY <= 0) down = true;
    scrollBy(0, down ? 4 : -4);
    requestAnimationFrame(turn);
  };
  requestAnimationFrame(turn);
}"""


def frames_by_second(trace: dict[str, Any]) -> list[int]:
    """Displayed frames in each whole second of a trace."""
    stamps = [event["ts"] for event in trace["traceEvents"] if event["name"] == "Display::FrameDisplayed"]
    seconds = Counter((stamp - stamps[0]) // 1_000_000 for stamp in stamps)
    return [seconds[second] for second in range(max(seconds))]


def _memory(cdp: Any) -> tuple[int, int]:
    """Bytes of live script objects, and nodes of the document, after a collection of garbage."""
    cdp.send("HeapProfiler.collectGarbage")
    told = {each["name"]: each["value"] for each in cdp.send("Performance.getMetrics")["metrics"]}
    return int(told["JSHeapUsedSize"]), int(told["Nodes"])


def figures(effort: Effort) -> list[Figure]:
    """None where there is no browser."""
    seconds = max(2 * _SLICE_S, SECONDS * effort.scale)
    with ExitStack() as stack:
        where = Path(stack.enter_context(folder()))
        people = settle(where / "data")
        server = stack.enter_context(vendue(where / "data"))
        auctions = put_up(server, people, in_a_day(LOTS))
        browser = stack.enter_context(chromium())
        if browser is None:
            return []
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"http://127.0.0.1:{server.port}/")
        page.wait_for_selector("article")
        page.evaluate(_BUSY)
        cdp = page.context.new_cdp_session(page)
        cdp.send("Performance.enable")
        loading = Bidding(where, people, auctions).start(server, CONNECTIONS, seconds, delay_ms=DELAY_MS)
        frames: list[int] = []
        memory: list[tuple[int, int]] = []
        while loading.poll() is None:
            browser.start_tracing(page=page, categories=[_DISPLAYED])
            page.wait_for_timeout(_SLICE_S * 1000)
            frames += frames_by_second(json.loads(browser.stop_tracing()))
            memory.append(_memory(cdp))
        rate = finish(loading).rate
    slow, (first, nodes), (last, nodes_last) = percentile(frames, 1), memory[0], memory[-1]
    name = f"front page, {LOTS} lots, {rate:.0f} changes/s for {seconds:.0f} s"
    note = f"{nodes} nodes at first, {nodes_last} at last"
    met = last <= AIM_MEMORY * first
    return [
        Figure(
            f"{name}: frames",
            percentile(frames, 50),
            "frames/s",
            60,
            "the display",
            f"over {AIM_FRAMES:g}",
            percentile(frames, 50) > AIM_FRAMES,
            f"1 second of 100 has {slow} or fewer",
        ),
        Figure(f"{name}: memory", last / 1e6, "MB", first / 1e6, "in its first 30 s", "level", met, note),
    ]


if __name__ == "__main__":
    main(figures)
