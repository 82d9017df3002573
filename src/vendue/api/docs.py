"""The page at /docs: the OpenAPI description for people, without scripts and without requests to anyone else."""

from html import escape
from typing import Any

import msgspec

CSS = """\
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1d2733;
  background: #fff; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid #c9d1da; }
details { border: 1px solid #c9d1da; border-radius: 6px; margin: .5rem 0; padding: .5rem .8rem; }
summary { cursor: pointer; }
code, pre { font: 13px/1.45 ui-monospace, monospace; }
pre { overflow: auto; background: #f3f5f8; padding: .8rem; border-radius: 6px; }
.method { display: inline-block; min-width: 4.2rem; font-weight: 700; }
td, th { text-align: left; padding: .15rem 1rem .15rem 0; vertical-align: top; }
@media (prefers-color-scheme: dark) { body { color: #e3e8ee; background: #14191f; } pre { background: #1f262e; } }
"""


def page(description: dict[str, Any]) -> str:
    """The whole page of an OpenAPI document."""
    info = description["info"]
    parts = "".join(f"<h2>{escape(title)}</h2>{part}" for title, part in sections(description).items())
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(info['title'])} API</title>"
        '<link rel="stylesheet" href="/docs.css"></head><body>'
        f"<h1>{escape(info['title'])} API {escape(info['version'])}</h1><p>{escape(info['description'])} "
        'For programs: <a href="/openapi.json">openapi.json</a>.</p>'
        f"{parts}</body></html>"
    )


def sections(description: dict[str, Any]) -> dict[str, str]:
    """Title to HTML: the routes of each tag, then the schemas that they name."""
    found: dict[str, str] = {}
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            tag = operation["tags"][0]
            found[tag] = found.get(tag, "") + _operation(path, method, operation)
    found["Schemas"] = "".join(
        f'<details id="{escape(name)}"><summary><code>{escape(name)}</code></summary>{_json(schema)}</details>'
        for name, schema in description["components"]["schemas"].items()
    )
    return found


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    parameters = "".join(
        f"<tr><td><code>{escape(each['name'])}</code></td><td>{each['in']}</td>"
        f"<td>{escape(each.get('description', ''))}</td></tr>"
        for each in operation["parameters"]
    )
    bodies = operation.get("requestBody", {"content": {}})["content"].items()
    body = "".join(f"<h4>Body, {kind}</h4>{_json(each['schema'])}" for kind, each in bodies)
    responses = "".join(
        f"<tr><td>{status}</td><td>{_names(each)}</td><td>{escape(each['description'])}</td></tr>"
        for status, each in operation["responses"].items()
    )
    return (
        f'<details><summary><span class="method">{method.upper()}</span> <code>{escape(path)}</code> '
        f"{escape(operation['summary'])}</summary>"
        + (f"<h4>Parameters</h4><table>{parameters}</table>" if parameters else "")
        + f"{body}<h4>Answers</h4><table>{responses}</table></details>"
    )


def _names(response: dict[str, Any]) -> str:
    """The schemas that an answer refers to, as links."""
    text = msgspec.json.encode(response).decode()
    names = dict.fromkeys(part.partition('"')[0] for part in text.split("#/components/schemas/")[1:])
    return ", ".join(f'<a href="#{escape(name)}">{escape(name)}</a>' for name in names)


def _json(value: Any) -> str:
    return f"<pre>{escape(msgspec.json.format(msgspec.json.encode(value)).decode())}</pre>"
