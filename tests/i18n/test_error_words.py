"""Every code the source can utter has its sentence in both languages, and every sentence has a code that uses it."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from kiosk.i18n import LANGUAGES, error_message, errors

ROOT = Path(__file__).parents[2]
HANDLERS = ("kiosk/views/api/answers.py",)
SHAPE_FIELDS = {"field"}
"""What `refuse_invalid` gives to the sentence of a body that does not fit its shape."""


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for folder in ("kiosk", "plugins"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "tests" not in path.parts:
                yield path, ast.parse(path.read_text(encoding="utf-8"))


def error_classes() -> set[str]:
    """DomainError and what derives from it, by name, wherever it is written."""
    bases = defaultdict(set)
    for _, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                for base in node.bases:
                    bases[ast.unparse(base).rsplit(".", 1)[-1]].add(node.name)
    known, new = set(), {"DomainError"}
    while new:
        known |= new
        new = {child for name in new for child in bases[name]} - known
    return known


def uttered() -> Iterator[tuple[str, set[str], str]]:
    """(code, names of the facts given, where) of every error made in the source with its code written out."""
    classes = error_classes()
    for path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rsplit(".", 1)[-1] in classes:
                first = node.args[0] if node.args else None
                given = {keyword.arg for keyword in node.keywords if keyword.arg}
                if any(keyword.arg is None for keyword in node.keywords):
                    given |= {"*"}
                for code in codes_in(first):
                    yield code, given, f"{path.relative_to(ROOT)}:{node.lineno}"


def codes_in(node: ast.expr | None) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return [*codes_in(node.body), *codes_in(node.orelse)]
    return []


def literals() -> set[str]:
    """Every snake_case text of the source: a code may be handed on in a variable or a table."""
    return {
        node.value
        for _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[a-z_]+", node.value)
    }


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_the_search_finds_errors() -> None:
    assert {
        "Unauthenticated",
        "Forbidden",
        "NotFound",
        "Conflict",
        "TooMany",
        "Unavailable",
    } <= error_classes()
    assert len({code for code, _, _ in uttered()}) > 90


def test_every_code_has_words() -> None:
    missing = sorted((code, where) for code, _, where in uttered() if code not in errors())
    assert missing == []


def test_printer_problems_have_words() -> None:
    spoken = {
        text
        for text in literals()
        if re.fullmatch(r"printer_(offline|unknown|error|cover_open|paper_\w+)", text)
    }
    assert len(spoken) >= 5
    assert spoken <= set(errors())


def test_answers_of_the_door_have_words() -> None:
    from kiosk.views.api.answers import HTTP_CODES, PYDANTIC_CODES

    door = {
        "date_malformed",
        "not_an_object",
        "wrong_type",
        "form_expired",
        "database_unavailable",
        "internal_error",
    }
    assert {*HTTP_CODES.values(), *PYDANTIC_CODES.values(), *door} <= set(errors())


def test_no_words_without_a_code() -> None:
    assert sorted(set(errors()) - literals()) == []


def test_both_languages_say_something_of_their_own() -> None:
    for code, sentences in errors().items():
        assert set(sentences) == set(LANGUAGES), code
        assert all(sentence.strip() == sentence != "" for sentence in sentences.values()), code
        assert placeholders(sentences["vi"]) == placeholders(sentences["en"]), code
        assert sentences["vi"] != sentences["en"] or placeholders(sentences["vi"]), code


def test_each_sentence_gets_the_facts_it_names() -> None:
    lacking = sorted(
        (code, where, sorted(placeholders(errors()[code]["vi"]) - given))
        for code, given, where in uttered()
        if code in errors() and "*" not in given and not placeholders(errors()[code]["vi"]) <= given
    )
    assert lacking == []


def test_words_for_shapes_need_no_more_than_the_field() -> None:
    from kiosk.views.api.answers import PYDANTIC_CODES

    for code in {*PYDANTIC_CODES.values(), "wrong_type", "date_malformed", "not_an_object"}:
        assert placeholders(errors()[code]["vi"]) <= SHAPE_FIELDS, code


def test_a_code_nobody_knows_says_something_all_the_same() -> None:
    assert error_message("never_heard_of", "vi", {}) == errors()["internal_error"]["vi"]
