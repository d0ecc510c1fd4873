"""The rules and their decisions in words, for officers and managers."""

from __future__ import annotations

from kiosk.domain.queueing import Decision, Lane, Mix, Mode, Purpose, Why
from kiosk.i18n import translate

LANE_TITLES = {
    Lane.PRIORITY: "Ưu tiên",
    Lane.APPOINTMENT: "Hẹn trước",
    Lane.RETURNING: "Trở lại",
    Lane.NORMAL: "Thường",
    Lane.BULK: "Nhiều hồ sơ",
}
PURPOSE_TITLES = {
    Purpose.APPLY: "Nộp hồ sơ",
    Purpose.PICKUP: "Nhận kết quả",
    Purpose.SUPPLEMENT: "Nộp bổ sung",
}
MODE_TITLES = {
    Mode.ARRIVAL: "Ai đến trước gọi trước",
    Mode.STRICT: "Theo thứ tự bắt buộc",
    Mode.RATIO: "Theo tỷ lệ",
    Mode.WEIGHTED: "Theo thời gian chờ có hệ số",
    Mode.DEADLINE: "Theo hạn gọi chậm nhất",
}
REASONS = {
    "only": "chỉ có làn %(lane)s đang chờ",
    "arrival": "đến sớm nhất",
    "strict": "làn %(lane)s được gọi trước",
    "turn": "đến lượt làn %(lane)s (lượt %(n)s trên %(of)s của vòng này)",
    "weight": "chờ %(minutes)s phút, hệ số %(share)s, tính ra lâu nhất",
    "deadline": "làn %(lane)s phải gọi trong %(latest)s phút, đã chờ %(minutes)s phút",
    "overdue": "đã chờ %(minutes)s phút, quá mức %(latest)s phút của làn %(lane)s",
}
ASSIGNED = "được chuyển riêng đến quầy này"


def lane_title(lane: str, language: str) -> str:
    """What a lane is called."""
    return translate(LANE_TITLES[Lane(lane)], language)


def purpose_title(purpose: str, language: str) -> str:
    """What a purpose is called."""
    return translate(PURPOSE_TITLES[Purpose(purpose)], language)


def reason(why: Why, language: str) -> str:
    """Why a lane of a line is next, as half a sentence."""
    return translate(REASONS[why.code], language, lane=lane_title(why.key, language).lower(), **why.facts)


def why_next(decision: Decision, prefixes: dict[int, str], language: str) -> str:
    """Why this ticket is next at a counter: its lane's reason and, among several lines, its line's."""
    words = reason(decision.lane_why, language)
    if len(prefixes) > 1 and (line := _line_reason(decision, prefixes, language)):
        words = f"{words}; {line}"
    return words[:1].upper() + words[1:]


def _line_reason(decision: Decision, prefixes: dict[int, str], language: str) -> str:
    why, prefix = decision.line_why, prefixes.get(decision.line, "")
    match why.code:
        case "turn":
            return translate(
                "đến lượt hàng %(prefix)s (lượt %(n)s trên %(of)s)", language, prefix=prefix, **why.facts
            )
        case "strict":
            return translate("hàng %(prefix)s được gọi trước", language, prefix=prefix)
        case "overdue":
            return translate(
                "hàng %(prefix)s đã quá %(latest)s phút", language, prefix=prefix, latest=why.facts["latest"]
            )
        case "weight":
            return translate("hàng %(prefix)s chờ lâu nhất theo hệ số", language, prefix=prefix)
        case "deadline":
            return translate("hàng %(prefix)s đến hạn gọi sớm nhất", language, prefix=prefix)
    return ""


def mix_in_words(mix: Mix, titles: dict[str, str], language: str) -> str:
    """A rule as an officer would say it; `titles` names each queue of the mix."""
    named = [(titles.get(part.key, part.key), part.share) for part in mix.parts]
    match mix.mode:
        case Mode.RATIO:
            parts = ", ".join(
                translate("%(n)s lượt %(name)s", language, n=share, name=name) for name, share in named
            )
            words = translate(
                "Mỗi vòng gọi lần lượt %(parts)s; làn không có ai thì bỏ qua", language, parts=parts
            )
        case Mode.STRICT:
            words = translate(
                "Gọi hết %(parts)s, theo đúng thứ tự này",
                language,
                parts=translate(", rồi đến ", language).join(name for name, _ in named),
            )
        case Mode.WEIGHTED:
            parts = ", ".join(f"{name} × {share}" for name, share in named)
            words = translate(
                "Ai có phút chờ nhân hệ số lớn nhất được gọi trước: %(parts)s", language, parts=parts
            )
        case Mode.DEADLINE:
            words = translate("Ai sắp hết hạn gọi nhất được gọi trước", language)
        case _:
            words = translate("Ai đến trước được gọi trước", language)
    bounds = ", ".join(
        translate("%(name)s %(minutes)s phút", language, name=titles.get(key, key), minutes=minutes)
        for key, minutes in mix.latest.items()
    )
    if bounds:
        words += translate(". Ai chờ quá mức thì gọi ngay: %(bounds)s", language, bounds=bounds)
    return words + "."
