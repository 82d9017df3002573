"""The table in docs/settings.md, made from settings.py: `python -m docs.hooks.settings_table` writes it anew."""

import ast
import inspect
import re
from pathlib import Path

from msgspec.structs import FieldInfo, fields

from vendue.settings import Settings, explain

PAGE = Path(__file__).parents[1] / "settings.md"
BEGIN = "<!-- The table is made from src/vendue/settings.py by `make docs`. -->\n\n"


def page_with_table(page: str) -> str:
    """The page with its table as the code has it now: the table is what stands behind BEGIN."""
    head, begin, _ = page.partition(BEGIN)
    assert begin, "settings.md lost the comment that its table stands behind"
    return head + begin + _table()


def _table() -> str:
    sentences = _sentences()
    rows = [
        f"| `{field.name}` | {sentences[field.name]} | {_default(field)} | {_limit(field)} |"
        for field in fields(Settings)
    ]
    return "\n".join(["| setting | what | default | limit |", "|---|---|---|---|", *rows]) + "\n"


def _sentences() -> dict[str, str]:
    """The text below each field, in one line."""
    (body,) = ast.parse(inspect.getsource(Settings)).body
    assert isinstance(body, ast.ClassDef)
    found = {}
    for field, below in zip(body.body, body.body[1:], strict=False):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                found[name] = " ".join(text.split())
    return found


def _default(field: FieldInfo) -> str:
    match field.default:
        case None:
            return "none"
        case int() | float() as number:
            return _grouped(f"{number:g}" if isinstance(number, float) else str(number))
    return f"`{field.default}`"


def _limit(field: FieldInfo) -> str:
    said = explain(field.type).removeprefix("it must be ").removeprefix("choose ")
    if said == "text":
        return ""
    return _grouped(re.sub(r"^(a whole number|a number|an address that) ", "", said))


def _grouped(text: str) -> str:
    return re.sub(r"\d{5,}", lambda digits: f"{int(digits[0]):,}".replace(",", " "), text)


if __name__ == "__main__":
    PAGE.write_text(page_with_table(PAGE.read_text()))
