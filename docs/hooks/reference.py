"""A hook of mkdocs: the reference pages, made from what the code describes while the site is built."""

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import yaml
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from msgspec import json

from vendue.api.docs import sections
from vendue.api.openapi import describe

ASYNCAPI = Path(__file__).parents[1] / "asyncapi.yaml"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add them, and the description for programs."""
    description = describe()
    files.append(File.generated(config, "openapi.json", content=json.format(json.encode(description))))
    files.append(File.generated(config, "rest.md", content=_rest(description)))
    files.append(File.generated(config, "asyncapi.md", content=_feed_and_log(yaml.safe_load(ASYNCAPI.read_text()))))
    return files


def _rest(description: dict[str, Any]) -> str:
    parts = [
        "# REST reference\n\n"
        "Every route, as the code describes it; a running Vendue shows the same at `/docs`. For programs, and for\n"
        "generators of clients: [openapi.json](openapi.json). Where to begin: [from sign-in to bid](developers.md).\n"
    ]
    parts += [f"## {title}\n\n{html}\n" for title, html in sections(description).items()]
    return "\n".join(parts)


def _feed_and_log(document: dict[str, Any]) -> str:
    parts = [
        "# Feed and log reference\n\n"
        "Every message of the [live feed](live.md) and every record of the [log](log.md), with an example. "
        "[asyncapi.yaml](asyncapi.yaml) is the same for programs: AsyncAPI 3, with a schema of each.\n"
    ]
    for channel in document["channels"].values():
        parts.append(f"## {channel['title']}\n\n{channel['description']}\n")
        for name in channel["messages"]:
            parts += _message(document["components"]["messages"][name])
    return "\n".join(parts)


def _message(message: dict[str, Any]) -> Iterator[str]:
    words = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(message["summary"]))
    summary = f"<summary><code>{escape(message['title'])}</code> {words}</summary>"
    shown = "".join(f"<pre>{escape(_pretty(example['payload']))}</pre>" for example in message["examples"])
    yield f"<details>{summary}{shown}</details>"


def _pretty(payload: Any) -> str:
    return json.format(json.encode(payload)).decode()
