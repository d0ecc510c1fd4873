"""The catalogue loads, and whatever a page says in Vietnamese it can say in English."""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from kiosk.i18n import HERE, LANGUAGES, catalogue, translate
from kiosk.services import rate_service
from kiosk.services.look import attention, clock, dossier, money, post, procedure, public_post
from kiosk.services.notify import words
from kiosk.views import lookup
from kiosk.views.post import figures

ROOT = Path(__file__).parents[2]
TRANSLATORS = {"words", "translate", "_"}
FILES = sorted((HERE / "en").glob("*.po"))


def said_in_templates() -> Iterator[tuple[str, str]]:
    environment = Environment(autoescape=True, extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])
    for path in sorted((ROOT / "web/templates").rglob("*.html")):
        tree = environment.parse(path.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "_" and call.args:
                for each in texts_of_node(call.args[0]):
                    yield each, str(path.relative_to(ROOT))


def texts_of_node(node: nodes.Node) -> list[str]:
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, nodes.CondExpr):
        return [*texts_of_node(node.expr1), *(texts_of_node(node.expr2) if node.expr2 else [])]
    return []


def said_in_python() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "kiosk").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            first = node.args[0]
            name = ast.unparse(node.func).rsplit(".", 1)[-1]
            if name in TRANSLATORS and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value, f"{path.relative_to(ROOT)}:{node.lineno}"
            if name == "attempt":
                for each in ast.walk(node.args[-1]):
                    if isinstance(each, ast.Constant) and isinstance(each.value, str):
                        yield each.value, f"{path.relative_to(ROOT)}:{node.lineno}"


def said_from_tables() -> Iterator[tuple[str, str]]:
    """Texts that reach the translator by way of a table."""
    tables = {
        "dossier states": dossier.STATE_TITLES.values(),
        "dossier moves": dossier.MOVE_TITLES.values(),
        "progress": [title for _, title in dossier.PROGRESS.values()],
        "terms": procedure.TERM_WORDS.values(),
        "steps": [*lookup.STEPS, *(step for steps in lookup.STEPS_WHEN_ENDED.values() for step in steps)],
        "advice": lookup.ADVICE.values(),
        "attention": attention.ATTENTION_TITLES.values(),
        "clock": clock.CLOCK_WORDS.values(),
        "scores": rate_service.SCORES.values(),
        "parcels": post.STATE_TITLES.values(),
        "news of parcels": post.STATUS_TITLES.values(),
        "who told of parcels": post.TELLERS.values(),
        "orders of parcels": post.ORDER_TITLES.values(),
        "orders in trouble": post.ORDER_PROBLEMS.values(),
        "what becomes of envelopes": post.DECISION_TITLES.values(),
        "how far parcels go": post.ZONE_TITLES.values(),
        "parcels in public": public_post.PUBLIC_TITLES.values(),
        "messages about parcels": [*words.POST_TITLES.values(), *words.POST_BODIES.values()],
        "figures of the post": figures.FIGURE_TITLES.values(),
        "payments": money.STATE_TITLES.values(),
        "what to do about payments": money.NEXT_STEPS.values(),
        "ways to pay": money.METHOD_TITLES.values(),
        "transfers": money.TRANSFER_TITLES.values(),
        "reasons": money.REASON_TITLES.values(),
        "what to do about reasons": money.REASON_STEPS.values(),
        "refunds": money.REFUND_TITLES.values(),
        "remittance calendars": money.RULE_TITLES.values(),
        "lines of statements": money.OUTCOME_TITLES.values(),
    }
    for name, table in tables.items():
        yield from ((text, name) for text in table)


def everything_said() -> list[tuple[str, str]]:
    return [*said_in_templates(), *said_in_python(), *said_from_tables()]


def test_the_search_finds_what_pages_say() -> None:
    assert len({text for text, _ in said_in_templates()}) > 150
    assert len({text for text, _ in said_in_python()}) > 10


def test_every_text_has_its_english() -> None:
    missing = sorted(
        {(text, where) for text, where in everything_said() if text.strip() and text not in catalogue("en")}
    )
    assert missing == []


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_file_of_words_is_whole(path: Path) -> None:
    with path.open("rb") as file:
        messages = [message for message in read_po(file, locale="en", abort_invalid=True) if message.id]
    assert messages
    for message in messages:
        assert message.string, f"{message.id} has no translation"
        assert not message.fuzzy
        assert unicodedata.is_normalized("NFC", message.id), message.id
        assert values_in(message.id) == values_in(message.string), message.id


def test_files_do_not_contradict_each_other() -> None:
    known: dict[str, tuple[str, str]] = {}
    for path in FILES:
        with path.open("rb") as file:
            for message in read_po(file, locale="en"):
                if message.id:
                    first = known.setdefault(message.id, (message.string, path.stem))
                    assert first[0] == message.string, f"{message.id!r} in {first[1]} and {path.stem}"


def values_in(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)[sd]", text))


def test_translating() -> None:
    assert LANGUAGES == ("vi", "en")
    assert catalogue("vi") == {}
    assert translate("một câu chưa có bản dịch", "en") == "một câu chưa có bản dịch"
    assert translate("%(n)s ngày làm việc", "vi", n="05") == "05 ngày làm việc"
    assert translate("%(n)s ngày làm việc", "en", n="05") == "05 working days"


def test_source_texts_are_composed() -> None:
    assert [text for text, _ in everything_said() if not unicodedata.is_normalized("NFC", text)] == []
