"""What every procedure costs and when it falls due, written down by hand from the law and the official lists.

Nothing here is reckoned by the product. The usual receipt is on Monday 23/11/2026 at 09:30, the eve of a public
holiday (24/11, Ngày Văn hóa Việt Nam); working days from there are 25, 26, 27, 30/11, 1, 2, 3, 4, 7, 8, 9, 10, 11, 14,
15, 16, 17, 18, 21 and 22/12, the twentieth. Other days off that matter: 1/1 and 4-10/2/2027 (Tết), 31/8-2/9/2026, for
which Saturday 22/8/2026 is worked. The office is open 07:30-11:30 and 13:30-17:00. Amounts are đồng.
"""

from __future__ import annotations

from typing import NamedTuple

Line = tuple[str, int, int]
"""Kind, amount, quantity."""
Lines = tuple[Line, ...]

RECEIVED = "2026-11-23T09:30"
COUNCIL = "HĐND tỉnh"
"""The amount is set by the provincial council and stands as an example."""


def phi(amount: int, quantity: int = 1) -> Line:
    """A charge for a service."""
    return ("phi", amount, quantity)


def le_phi(amount: int, quantity: int = 1) -> Line:
    """A state charge."""
    return ("le_phi", amount, quantity)


FREE: Lines = (le_phi(0),)


class Row(NamedTuple):
    """One procedure with the answers of a counter that changes nothing."""

    department: str
    procedure: str
    due: str | None
    fees: Lines
    online: Lines | None = None
    """Where an online application costs something else."""
    by_post: bool = True
    basis: str | None = None
    """What the fee rests on; None where nobody has found it yet."""


def _enterprise(code: str) -> Row:
    """Lệ phí đăng ký and phí công bố together; online the first is waived (TT 47/2019)."""
    return Row(
        "planning_investment",
        code,
        "2026-11-27",
        (le_phi(50_000), phi(100_000)),
        (le_phi(0), phi(100_000)),
        basis="TT 47/2019/TT-BTC",
    )


def _insurance(key: str, due: str) -> Row:
    return Row("social_insurance", key, due, FREE)


def _licence(code: str, due: str) -> Row:
    """After 2025 both channels cost the same."""
    return Row("transport", code, due, (le_phi(135_000),), basis="TT 37/2023/TT-BTC")


ROWS: tuple[Row, ...] = (
    # Sở Kế hoạch và Đầu tư: 3 working days; 35 calendar days.
    _enterprise("2.001610"),
    _enterprise("2.001583"),
    _enterprise("2.001199"),
    _enterprise("2.002043"),
    _enterprise("2.002041"),
    Row("planning_investment", "2.002029", "2026-11-27", FREE),
    Row("planning_investment", "1.009645", "2026-12-28", FREE, by_post=False),
    # Sở Tư pháp: 10 calendar days; same day; 10 and 5 working days.
    Row("justice", "2.000488", "2026-12-03", (phi(200_000),), basis="TT 244/2016/TT-BTC"),
    Row("justice", "2.000815", "2026-11-23", (phi(2_000),), by_post=False, basis="TT 226/2016/TT-BTC"),
    Row("justice", "2.000884", "2026-11-23", (phi(10_000),), by_post=False, basis="TT 226/2016/TT-BTC"),
    Row("justice", "1.002010", "2026-12-08", (le_phi(50_000),)),
    Row("justice", "thong-bao-quoc-tich-nuoc-ngoai", "2026-12-01", FREE),
    Row("justice", "2.000635", "2026-11-23", (phi(8_000),), basis="TT 281/2016/TT-BTC"),
    # Sở Giao thông vận tải: 5 working days; 2 months, 23/1/2027 being a Saturday; 2 working days.
    _licence("1.002809", "2026-12-01"),
    _licence("1.002820", "2027-01-25"),
    _licence("1.002796", "2026-12-01"),
    Row("transport", "1.000703", "2026-12-01", (le_phi(200_000),), basis=COUNCIL),
    Row("transport", "2.002288", "2026-11-26", FREE),
    # Sở Lao động - Thương binh và Xã hội: 5, 3, 5, 5 and 20 working days.
    Row("labour", "2.000205", "2026-12-01", (le_phi(600_000),), basis=COUNCIL),
    Row("labour", "2.000192", "2026-11-27", (le_phi(450_000),), basis=COUNCIL),
    Row("labour", "1.009811", "2026-12-01", (le_phi(450_000),), basis=COUNCIL),
    Row("labour", "1.000459", "2026-12-01", FREE),
    Row("labour", "1.001978", "2026-12-22", FREE),
    # Sở Tài nguyên và Môi trường: 10 working days; 15 days of publication before 10 working days; 8; same day.
    Row(
        "land_environment",
        "1.012783",
        "2026-12-08",
        (phi(810_000), le_phi(60_000)),
        (phi(769_500), le_phi(0)),
        basis=COUNCIL,
    ),
    Row("land_environment", "1.012786", "2026-12-22", (phi(810_000),), (phi(769_500),), basis=COUNCIL),
    Row("land_environment", "1.013831", "2026-12-04", (phi(530_000),), basis=COUNCIL),
    Row("land_environment", "1.011441", "2026-11-23", (phi(280_000),), (phi(266_000),), basis=COUNCIL),
    Row(
        "land_environment",
        "1.012789",
        "2026-12-08",
        (le_phi(18_000), phi(32_800)),
        (le_phi(0), phi(31_160)),
        basis=COUNCIL,
    ),
    Row("land_environment", "1.012790", "2026-12-04", FREE),
    # Công an tỉnh: 8, 1, 5, 7, 7, 7, 7, 7 and 3 working days.
    Row("public_security", "1.001456", "2026-12-04", (le_phi(200_000),), basis="TT 25/2021/TT-BTC"),
    Row("public_security", "1.001445", "2026-11-25", FREE),
    Row("public_security", "1.010384", "2026-12-01", FREE),
    Row("public_security", "2.000200", "2026-12-03", FREE, by_post=False),
    Row("public_security", "2.001195", "2026-12-03", (le_phi(50_000),), by_post=False),
    Row("public_security", "2.001194", "2026-12-03", (le_phi(70_000),), by_post=False),
    Row("public_security", "2.001178", "2026-12-03", FREE),
    Row("public_security", "1.004222", "2026-12-03", (le_phi(20_000),), (le_phi(10_000),)),
    Row("public_security", "1.004194", "2026-11-27", (le_phi(15_000),), (le_phi(7_000),)),
    # Bảo hiểm xã hội tỉnh: 5, 12, 5, 5 and 6 working days, all free.
    _insurance("bao-hiem-xa-hoi-mot-lan", "2026-12-01"),
    _insurance("luong-huu-tro-cap-hang-thang", "2026-12-10"),
    _insurance("cap-lai-so-bao-hiem-the-bao-hiem-y-te", "2026-12-01"),
    _insurance("dang-ky-dong-bao-hiem-bat-buoc", "2026-12-01"),
    _insurance("om-dau-thai-san-duong-suc", "2026-12-02"),
    # Sở Công Thương: same day; 5, 20 and 20 working days.
    Row("industry_trade", "2.000033", "2026-11-23", FREE),
    Row("industry_trade", "2.000004", "2026-12-01", FREE),
    Row("industry_trade", "2.000648", "2026-12-22", (phi(1_200_000),), basis="TT 168/2016/TT-BTC"),
    Row("industry_trade", "2.000591", "2026-12-22", (phi(500_000),)),
    # Sở Xây dựng: 20 (a Sunday), 30, 20 and 25 calendar days; appraisals of 10 tỷ đồng at 0,165 % and 0,019 %.
    Row("construction", "1.009974", "2026-12-14", (le_phi(150_000),), basis=COUNCIL),
    Row("construction", "1.009973", "2026-12-23", (phi(16_500_000),), basis="TT 27/2023/TT-BTC"),
    Row("construction", "1.009982", "2026-12-14", (le_phi(300_000),)),
    Row("construction", "1.009972", "2026-12-18", (phi(1_900_000),), basis="TT 28/2023/TT-BTC"),
    # Sở Y tế: 20 (a Sunday), 30 and 60 calendar days; same day.
    Row("health", "1.004616", "2026-12-14", (phi(500_000),)),
    Row("health", "1.004593", "2026-12-23", (phi(1_000_000),)),
    Row("health", "chung-chi-hanh-nghe-kham-benh-chua-benh", "2027-01-22", (phi(360_000),)),
    Row("health", "tu-cong-bo-san-pham", "2026-11-23", FREE),
    # Sở Nông nghiệp và Phát triển nông thôn: 21 calendar days; 13, 8 and 15 working days.
    Row("agriculture", "1.004363", "2026-12-14", (phi(500_000),)),
    Row("agriculture", "1.007931", "2026-12-11", (phi(500_000),)),
    Row("agriculture", "1.001686", "2026-12-04", (phi(230_000),)),
    Row("agriculture", "2.001827", "2026-12-15", (phi(700_000),)),
    # Sở Giáo dục và Đào tạo: same day; 5 working days; by plan; 5 working days. All free.
    Row("education", "1.005092", "2026-11-23", FREE),
    Row("education", "2.001914", "2026-12-01", FREE),
    Row("education", "3.000181", None, FREE),
    Row("education", "chuyen-truong-trung-hoc-pho-thong", "2026-12-01", FREE),
    # Sở Văn hóa, Thể thao và Du lịch: 15 calendar days twice; 5 working days; 30 calendar days.
    Row("culture_tourism", "1.004628", "2026-12-08", (phi(650_000),)),
    Row("culture_tourism", "1.004623", "2026-12-08", (phi(650_000),)),
    Row("culture_tourism", "1.004650", "2026-12-01", FREE),
    Row("culture_tourism", "1.004594", "2026-12-23", (phi(1_500_000),)),
    # Sở Thông tin và Truyền thông: 15, 15 and 20 (a Sunday) calendar days.
    Row("information", "1.003868", "2026-12-08", (phi(15_000),)),
    Row("information", "1.003725", "2026-12-08", (le_phi(50_000),)),
    Row("information", "1.003659", "2026-12-14", (phi(10_750_000),)),
    # Sở Nội vụ: 25, 30 and 30 calendar days, all free.
    Row("home_affairs", "2.000449", "2026-12-18", FREE),
    Row("home_affairs", "1.003503", "2026-12-23", FREE),
    Row("home_affairs", "2.001481", "2026-12-23", FREE),
    # Sở Khoa học và Công nghệ: 25 calendar days; 1 and 5 working days.
    Row("science_technology", "2.002380", "2026-12-18", (phi(2_000_000),)),
    Row("science_technology", "2.001259", "2026-11-25", FREE),
    Row("science_technology", "cong-bo-hop-quy", "2026-12-01", (le_phi(150_000),)),
    # Sở Tài chính: 2, 5 and 5 working days, all free.
    Row("finance", "2.002206", "2026-11-26", FREE),
    Row("finance", "ke-khai-gia", "2026-12-01", FREE),
    Row("finance", "hoa-don-ban-tai-san-cong", "2026-12-01", FREE),
    # Ban Quản lý các khu công nghiệp tỉnh: 15 calendar days; 5 working days; 6 working hours, of which half an hour
    # is left for the first working morning.
    Row("industrial_zones", "chung-nhan-dang-ky-dau-tu", "2026-12-08", FREE),
    Row("industrial_zones", "giay-phep-lao-dong", "2026-12-01", (le_phi(600_000),), basis=COUNCIL),
    Row("industrial_zones", "chung-nhan-xuat-xu-mau-d", "2026-11-25", FREE),
    # Sở Ngoại vụ: 7 working days.
    Row("foreign_affairs", "2.002313", "2026-12-03", FREE),
)

DEPARTMENTS_WITHOUT_PROCEDURES = {"provincial_office"}

UNKNOWN_FEES = {"1.010384"}
"""Nobody has found the amount: one line of 0 that says so."""
ON_THE_SPOT = {"2.000815", "2.000884", "2.000635", "2.000033", "tu-cong-bo-san-pham", "1.005092"}
"""Certification, extracts from a register, announcements merely received (NĐ 61/2018 Đ.17.4)."""
LINKED = {"1.009645": "provincial_office"}
"""What goes on to another authority."""
