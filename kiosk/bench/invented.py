"""A province's worth of procedures nobody offers: plugins written to a folder, and what people might type."""

from __future__ import annotations

import random
from pathlib import Path
from string import ascii_uppercase

from kiosk.domain.names import fold
from kiosk.domain.procedure import Procedure

DEPARTMENTS = 20
SEED = 45

VERBS = (
    "Cấp", "Cấp lại", "Cấp đổi", "Gia hạn", "Điều chỉnh", "Thu hồi", "Đăng ký", "Xác nhận", "Thẩm định", "Công nhận",
)  # fmt: skip
PAPERS = (
    "giấy phép", "giấy chứng nhận", "chứng chỉ hành nghề", "quyết định", "thẻ", "phù hiệu", "hồ sơ", "bản sao",
    "phương án", "chương trình",
)  # fmt: skip
MATTERS = (
    "kinh doanh vận tải", "xây dựng công trình", "khai thác nước dưới đất", "an toàn thực phẩm", "hướng dẫn viên",
    "khám bệnh, chữa bệnh", "buôn bán thuốc thú y", "lao động nước ngoài", "tổ chức biểu diễn", "sử dụng đất",
    "nuôi trồng thủy sản", "đo đạc và bản đồ", "quảng cáo ngoài trời", "phòng cháy", "giáo dục thường xuyên",
    "bức xạ", "sở hữu công nghiệp", "bán lẻ xăng dầu", "hoạt động luật sư", "lưu trú du lịch",
)  # fmt: skip
SAYINGS = (
    "sổ đỏ", "bằng lái", "mở quán", "nhà thuốc", "giấy tờ xe", "xin việc", "làm thêm giờ", "trại heo", "bảng hiệu",
    "giếng khoan",
)  # fmt: skip

MANIFEST = """
name = "{name}"
title = "{title}"
title_en = "Invented department"
version = "1.0"
api = 1
owner = "bench"
"""
CODE = """
from pathlib import Path
from string import ascii_uppercase
from kiosk.plugin import hookimpl, load_department

@hookimpl
def departments():
    return [load_department(Path(__file__).parent)]
"""
DEPARTMENT = """
[department]
key = "{name}"
title = "{title}"
title_en = "Invented department"
prefix = "X{letter}"
agency_number = "99"
"""
PROCEDURE = """
[[procedure]]
code = "{code}"
name = "{words}"
field = "{matter}"
keywords = ["{saying}", "{saying} {place}"]
term = {{ value = 10, unit = "working_days" }}
post = {{ receive = true, return = true }}
clock_start = "receipt"
components = [{{ name = "Đơn đề nghị", originals = 1, copies = 0 }}]
confidence = "low"
code_confidence = "unknown"
source = "bench"
[[procedure.fee]]
key = "one"
title = "Lệ phí"
kind = "le_phi"
direct = 100_000
online = 50_000
unit = "lần"
basis = "bench"
"""


def write_departments(folder: Path, procedures: int) -> list[str]:
    """Twenty plugins with so many procedures between them; their names."""
    names = [f"invented_{n:02d}" for n in range(DEPARTMENTS)]
    for place, name in enumerate(names):
        home = folder / name
        home.mkdir(parents=True)
        title = f"Sở {MATTERS[place]}"
        (home / "plugin.toml").write_text(MANIFEST.format(name=name, title=title), encoding="utf-8")
        (home / "__init__.py").write_text(CODE, encoding="utf-8")
        text = DEPARTMENT.format(name=name, title=title, letter=ascii_uppercase[place])
        text += "".join(_procedure(n) for n in range(place, procedures, DEPARTMENTS))
        (home / "procedures.toml").write_text(text, encoding="utf-8")
    return names


def _procedure(n: int) -> str:
    verb, paper = VERBS[n % len(VERBS)], PAPERS[n // len(VERBS) % len(PAPERS)]
    matter = MATTERS[n // (len(VERBS) * len(PAPERS)) % len(MATTERS)]
    return PROCEDURE.format(
        code=f"{1 + n % 2}.{(n + 1) * 397 % 1_000_000:06d}",
        words=f"{verb} {paper} {matter}",
        matter=matter.capitalize(),
        saying=SAYINGS[n * 7 % len(SAYINGS)],
        place=n % 100,
    )


def queries(procedures: list[Procedure], count: int) -> list[str]:
    """Different things to type: whole names and a few words, in and out of order, unfinished, codes and pieces of them."""
    dice = random.Random(SEED)  # noqa: S311  (the same questions every time)
    ways = (
        lambda p: p.name,
        lambda p: fold(p.name),
        lambda p: p.name[: dice.randrange(2, len(p.name))],
        lambda p: fold(" ".join(dice.sample(p.name.split(), 3))),
        lambda p: dice.choice(p.keywords),
        lambda p: fold(dice.choice(p.keywords)),
        lambda p: p.code,
        lambda p: p.code[2:],
        lambda p: f"{p.field_name} {dice.choice(SAYINGS)}",
    )
    found: dict[str, None] = {}
    while len(found) < count:
        found[ways[len(found) % len(ways)](dice.choice(procedures))] = None
    return list(found)
