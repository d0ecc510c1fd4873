"""Further answers, moments and days, what they cost and when they fall due: written down by hand as expected.py is."""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.catalogue.expected import FREE, RECEIVED, Lines, le_phi, phi

Answers = dict[str, Any]


class FeeCase(NamedTuple):
    """Further answers and what they cost."""

    procedure: str
    answers: Answers
    fees: Lines
    online: Lines | None = None


class TermCase(NamedTuple):
    """A moment, further answers, and when it falls due."""

    procedure: str
    received: str
    due: str | None
    answers: Answers = {}
    postmark: str | None = None


class DatedFee(NamedTuple):
    """What a fee is on another day."""

    procedure: str
    received: str
    channel: str
    fees: Lines
    basis: str
    answers: Answers = {}


_ORGANISATION = {"subject": "organisation"}
_ASSETS, _BOTH = {"object": "assets"}, {"object": "both"}
_TY = 1_000_000_000

FEE_CASES: tuple[FeeCase, ...] = (
    # Criminal record (TT 244/2016): classes, 5.000 from the third slip, nothing at all for the exempt.
    FeeCase("2.000488", {"fee_case": "reduced"}, (phi(100_000),)),
    FeeCase("2.000488", {"fee_case": "exempt"}, (phi(0),)),
    FeeCase("2.000488", {"slips": 2}, (phi(200_000),)),
    FeeCase("2.000488", {"slips": 3}, (phi(200_000), phi(5_000))),
    FeeCase("2.000488", {"slips": 5, "fee_case": "reduced"}, (phi(100_000), phi(5_000, 3))),
    FeeCase("2.000488", {"slips": 5, "fee_case": "exempt"}, (phi(0),)),
    # Certified copies (TT 226/2016): 2.000 for two pages, then 1.000, at most 200.000 a copy.
    FeeCase("2.000815", {"pages": 2}, (phi(2_000, 2),)),
    FeeCase("2.000815", {"pages": 3}, (phi(2_000, 2), phi(1_000))),
    FeeCase("2.000815", {"pages": 10, "copies": 3}, (phi(2_000, 6), phi(1_000, 24))),
    FeeCase("2.000815", {"pages": 197}, (phi(2_000, 2), phi(1_000, 195))),
    FeeCase("2.000815", {"pages": 300, "copies": 2}, (phi(200_000, 2),)),
    FeeCase("2.000884", {"cases": 4}, (phi(10_000, 4),)),
    FeeCase("2.000635", {"copies": 7}, (phi(8_000, 7),)),
    # Land certificates renewed: subject × object × channel, lệ phí for individuals, 50.000 from the second certificate.
    FeeCase("1.012783", _ASSETS, (phi(810_000), le_phi(60_000)), (phi(769_500), le_phi(0))),
    FeeCase("1.012783", _BOTH, (phi(1_080_000), le_phi(60_000)), (phi(1_026_000), le_phi(0))),
    FeeCase("1.012783", _ORGANISATION, (phi(990_000),), (phi(940_500),)),
    FeeCase("1.012783", _ORGANISATION | _ASSETS, (phi(940_000),), (phi(893_000),)),
    FeeCase("1.012783", _ORGANISATION | _BOTH, (phi(1_260_000),), (phi(1_197_000),)),
    FeeCase(
        "1.012783",
        {"certificates": 3},
        (phi(810_000), le_phi(60_000), phi(50_000, 2)),
        (phi(769_500), le_phi(0), phi(50_000, 2)),
    ),
    FeeCase(
        "1.012783",
        _ORGANISATION | {"certificates": 2},
        (phi(990_000), phi(50_000)),
        (phi(940_500), phi(50_000)),
    ),
    FeeCase("1.012786", _ORGANISATION, (phi(990_000),), (phi(940_500),)),
    # Changes of land: only the cells that the list has.
    FeeCase("1.013831", _ASSETS, (phi(580_000),)),
    FeeCase("1.013831", _ORGANISATION, (phi(1_130_000),)),
    FeeCase("1.013831", _ORGANISATION | _ASSETS, (phi(1_180_000),)),
    FeeCase("1.013831", _ORGANISATION | _BOTH, (phi(1_410_000),)),
    FeeCase("1.013831", _ORGANISATION | {"outcome": "annotation"}, (phi(950_000),)),
    FeeCase("1.013831", _ORGANISATION | _BOTH | {"outcome": "annotation"}, (phi(1_200_000),)),
    # Mortgages.
    FeeCase("1.011441", _ASSETS, (phi(330_000),), (phi(313_500),)),
    FeeCase("1.011441", _BOTH, (phi(410_000),), (phi(389_500),)),
    FeeCase("1.011441", _ORGANISATION, (phi(590_000),), (phi(560_500),)),
    FeeCase("1.011441", _ORGANISATION | _ASSETS, (phi(580_000),), (phi(551_000),)),
    FeeCase("1.011441", _ORGANISATION | _BOTH, (phi(760_000),), (phi(722_000),)),
    # Land data: lệ phí, scans, five pages at one rate and the others at another; never rounded.
    FeeCase(
        "1.012789", {"scans": 0, "pages": 5}, (le_phi(18_000), phi(8_200, 5)), (le_phi(0), phi(7_790, 5))
    ),
    FeeCase(
        "1.012789",
        {"scans": 0, "pages": 6},
        (le_phi(18_000), phi(8_200, 5), phi(900)),
        (le_phi(0), phi(7_790, 5), phi(855)),
    ),
    FeeCase(
        "1.012789",
        _ORGANISATION | {"scans": 2, "pages": 8},
        (le_phi(36_000), phi(32_800, 2), phi(8_200, 5), phi(900, 3)),
        (le_phi(0), phi(31_160, 2), phi(7_790, 5), phi(855, 3)),
    ),
    # Police: passport again, cards, residence.
    FeeCase("1.001456", {"fee_case": "lost_or_damaged"}, (le_phi(400_000),)),
    FeeCase("2.000200", {"fee_case": "exchange"}, (le_phi(50_000),)),
    FeeCase("2.000200", {"fee_case": "reissue"}, (le_phi(70_000),)),
    FeeCase("1.004222", {"fee_case": "exempt"}, FREE),
    FeeCase("1.004194", {"fee_case": "by_list", "people": 12}, (le_phi(10_000, 12),), (le_phi(5_000, 12),)),
    FeeCase("1.004194", {"fee_case": "exempt"}, FREE),
    # Petrol stations (TT 168/2016): half outside cities and towns, by point of sale.
    FeeCase("2.000648", {"subject": "household"}, (phi(400_000),)),
    FeeCase("2.000648", {"area": "other"}, (phi(600_000),)),
    FeeCase("2.000648", {"area": "other", "subject": "household", "points": 3}, (phi(200_000, 3),)),
    FeeCase("2.000591", {"fee_case": "other"}, (phi(2_500_000),)),
    # Building permits and appraisals: at points of the tables, between two, at the floor and at the ceiling.
    FeeCase("1.009974", {"fee_case": "house"}, (le_phi(75_000),)),
    FeeCase("1.009973", {"works": "industrial"}, (phi(19_000_000),)),  # 10 tỷ × 0,190 %
    FeeCase("1.009973", {"construction_cost": 15 * _TY}, (phi(24_750_000),)),  # 0,165 %
    FeeCase("1.009973", {"construction_cost": 50 * _TY}, (phi(55_000_000),)),  # 0,110 %
    FeeCase("1.009973", {"construction_cost": 75 * _TY}, (phi(73_125_000),)),  # half way to 0,085: 0,0975 %
    FeeCase("1.009973", {"construction_cost": 200_000_000}, (phi(500_000),)),  # 330.000 by rate
    FeeCase("1.009973", {"construction_cost": 500 * _TY}, (phi(150_000_000),)),  # 250 triệu by rate
    FeeCase("1.009972", {"total_investment": 25 * _TY}, (phi(4_250_000),)),  # 0,0170 %
    FeeCase("1.009972", {"total_investment": 20 * _TY}, (phi(3_600_000),)),  # half way: 0,0180 %
    FeeCase("1.009972", {"total_investment": 2 * _TY}, (phi(500_000),)),  # 380.000 by rate
    # Health, tourism, documents, X-ray.
    FeeCase("1.004593", {"fee_case": "drug_counter"}, (phi(500_000),)),
    FeeCase("1.004594", {"fee_case": "three_stars"}, (phi(2_000_000),)),
    FeeCase("1.003868", {"pages": 99}, (phi(15_000, 99),)),
    FeeCase("2.002380", {"fee_case": "general"}, (phi(3_000_000),)),
    FeeCase("2.002380", {"fee_case": "ct"}, (phi(8_000_000),)),
    FeeCase("2.002380", {"fee_case": "general", "devices": 4}, (phi(3_000_000, 4),)),
)

_URGENT = {"term_case": "urgent"}
_AVAILABLE = {"term_case": "available"}
ORIGIN = "chung-nhan-xuat-xu-mau-d"

TERM_CASES: tuple[TermCase, ...] = (
    # Other terms of the same procedure.
    TermCase("2.000488", RECEIVED, "2026-12-08", {"term_case": "verification"}),  # 15 calendar days
    TermCase("2.002288", RECEIVED, "2026-12-04", {"term_case": "elsewhere"}),  # 8 working days
    TermCase("1.002820", RECEIVED, None, {"term_case": "retest"}),
    TermCase("1.012783", RECEIVED, "2026-12-01", {"term_case": "no_survey"}),  # 5 working days
    TermCase("1.013831", RECEIVED, "2026-11-30", {"term_case": "sublease"}),  # 4 working days
    TermCase("1.012789", RECEIVED, "2026-11-23", _AVAILABLE),
    TermCase("2.001178", RECEIVED, "2026-11-27", {"term_case": "in_database"}),  # 3 working days
    TermCase("1.009973", RECEIVED, "2027-01-04", {"term_case": "class_1"}),  # 40 days: Saturday 2/1
    TermCase("1.009973", RECEIVED, "2026-12-14", {"term_case": "other_class"}),  # 20 days: Sunday 13/12
    TermCase("1.004593", RECEIVED, "2026-12-14", {"term_case": "no_inspection"}),  # 20 days: Sunday 13/12
    TermCase("1.004363", RECEIVED, "2027-02-15", {"term_case": "remedy"}),  # 84 days: Monday after Tết
    # 24 hours: into the holiday, into a weekday, into the weekend.
    TermCase("2.000488", RECEIVED, "2026-11-25", _URGENT),
    TermCase("2.000488", "2026-11-25T09:30", "2026-11-26", _URGENT),
    TermCase("2.000488", "2026-11-27T16:00", "2026-11-30", _URGENT),
    # Same day: at 15:00 still, a minute later on the next working day, which Monday's is Wednesday.
    TermCase("2.000815", "2026-11-23T15:00", "2026-11-23"),
    TermCase("2.000815", "2026-11-23T15:01", "2026-11-25"),
    TermCase("2.000884", "2026-11-23T15:30", "2026-11-25"),
    TermCase("2.000635", "2026-11-23T15:30", "2026-11-25"),
    TermCase("1.012789", "2026-11-23T15:30", "2026-11-25", _AVAILABLE),
    TermCase("2.000033", "2026-11-23T15:30", "2026-11-25"),
    TermCase("tu-cong-bo-san-pham", "2026-11-23T15:30", "2026-11-25"),
    TermCase("1.005092", "2026-11-23T15:30", "2026-11-25"),
    TermCase("1.005092", "2026-11-27T15:30", "2026-11-30"),
    TermCase("1.005092", "2026-11-28T09:30", "2026-11-30"),  # a Saturday
    TermCase("1.005092", "2026-08-22T09:30", "2026-08-22"),  # a Saturday that is worked
    TermCase("1.005092", "2026-08-21T15:30", "2026-08-22"),
    # Same day at the deciding agency, which gets it on Wednesday morning.
    TermCase("1.011441", "2026-11-23T15:30", "2026-11-25"),
    # Six working hours.
    TermCase(ORIGIN, "2026-11-23T07:30", "2026-11-23"),  # until 15:30
    TermCase(ORIGIN, "2026-11-23T09:00", "2026-11-23"),  # until 17:00
    TermCase(ORIGIN, "2026-11-23T09:01", "2026-11-25"),
    TermCase(ORIGIN, "2026-11-23T16:00", "2026-11-25"),  # until 14:30
    TermCase(ORIGIN, "2026-11-27T16:00", "2026-11-30"),
    TermCase(ORIGIN, "2026-11-28T09:30", "2026-11-30"),  # Saturday: from Monday 07:30 until 15:30
    # Months: 28/2/2027 is a Sunday, and February has no 31st.
    TermCase("1.002820", "2026-12-31T09:30", "2027-03-01"),
    # Working days over weekends, Tết, 2/9 with its swapped Saturday, and New Year.
    TermCase("1.002809", "2027-02-03T09:30", "2027-02-17"),  # 11, 12, 15, 16, 17
    TermCase("1.002809", "2026-08-21T09:30", "2026-08-27"),  # 22 (a Saturday), 24, 25, 26, 27
    TermCase("2.000192", "2026-08-28T09:30", "2026-09-07"),  # 3, 4, 7
    TermCase("2.000192", "2026-11-28T09:30", "2026-12-02"),  # received on a Saturday: 30, 1, 2
    TermCase("2.001259", "2026-12-31T16:30", "2027-01-04"),
    # Calendar days that end in Tết.
    TermCase("2.000488", "2027-01-27T09:30", "2027-02-11"),  # Saturday 6/2
    # 15 days of publication, of which Tết is a part: 15/2, then 10 working days.
    TermCase("1.012786", "2027-01-31T09:30", "2027-03-01"),
    # Unemployment benefit by post: 20 working days from the postmark; 18/11 is a Wednesday.
    TermCase("1.001978", RECEIVED, "2026-12-17", postmark="2026-11-18"),
    TermCase("1.001978", RECEIVED, "2026-12-21", postmark="2026-11-20"),
    TermCase("1.001978", RECEIVED, "2026-12-22", postmark="2026-11-23"),
)

_LICENCE, _LICENCE_LOWER = "TT 37/2023/TT-BTC", "TT 63/2023/TT-BTC"
_PASSPORT, _PASSPORT_LOWER = "TT 25/2021/TT-BTC", "TT 63/2023/TT-BTC"

DATED_FEES: tuple[DatedFee, ...] = (
    # Driving licences are cheaper online from 1/12/2023 to 31/12/2025, both included.
    DatedFee("1.002809", "2022-06-14T09:30", "online", (le_phi(135_000),), _LICENCE),
    DatedFee("1.002809", "2023-11-30T09:30", "online", (le_phi(135_000),), _LICENCE),
    DatedFee("1.002809", "2023-12-01T09:30", "online", (le_phi(115_000),), _LICENCE_LOWER),
    DatedFee("1.002809", "2023-12-01T09:30", "in_person", (le_phi(135_000),), _LICENCE),
    DatedFee("1.002796", "2025-12-31T09:30", "online", (le_phi(115_000),), _LICENCE_LOWER),
    DatedFee("1.002820", "2026-01-02T09:30", "online", (le_phi(135_000),), _LICENCE),
    # Passports at 90 % online from 1/1/2024 to 31/12/2025.
    DatedFee("1.001456", "2023-11-30T09:30", "online", (le_phi(200_000),), _PASSPORT),
    DatedFee("1.001456", "2024-01-02T09:30", "online", (le_phi(180_000),), _PASSPORT_LOWER),
    DatedFee(
        "1.001456",
        "2024-01-02T09:30",
        "online",
        (le_phi(360_000),),
        _PASSPORT_LOWER,
        {"fee_case": "lost_or_damaged"},
    ),
    DatedFee("1.001456", "2024-01-02T09:30", "post", (le_phi(200_000),), _PASSPORT),
    DatedFee("1.001456", "2025-12-31T09:30", "online", (le_phi(180_000),), _PASSPORT_LOWER),
    DatedFee("1.001456", "2026-01-02T09:30", "online", (le_phi(200_000),), _PASSPORT),
    # Appraisals rested on other circulars before 1/7/2023.
    DatedFee("1.009973", "2022-06-14T09:30", "in_person", (phi(16_500_000),), "TT 210/2016/TT-BTC"),
    DatedFee("1.009973", "2023-06-30T09:30", "in_person", (phi(16_500_000),), "TT 210/2016/TT-BTC"),
    DatedFee("1.009973", "2023-07-03T09:30", "in_person", (phi(16_500_000),), "TT 27/2023/TT-BTC"),
    DatedFee("1.009972", "2022-06-14T09:30", "in_person", (phi(1_900_000),), "TT 209/2016/TT-BTC"),
)

FIRST_DAYS: tuple[tuple[str, str, str], ...] = (
    # Procedure, the last day on which it cannot be received, the first on which it can.
    ("1.012783", "2024-07-31", "2024-08-01"),
    ("1.012786", "2024-07-31", "2024-08-01"),
    ("1.012789", "2024-07-31", "2024-08-01"),
    ("1.012790", "2024-07-31", "2024-08-01"),
    ("1.013831", "2025-06-30", "2025-07-01"),
)

REFUSED: tuple[tuple[str, Answers], ...] = (
    ("2.000488", {"slip_kind": "slip_2", "by_proxy": True}),  # Luật Lý lịch tư pháp Đ.46
    ("1.012786", _ASSETS),  # no such cell in the list
    ("1.012786", _ORGANISATION | _BOTH),
    ("1.013831", _BOTH),
    ("1.013831", {"outcome": "annotation"}),
    ("1.013831", _ORGANISATION | _ASSETS | {"outcome": "annotation"}),
    ("1.003868", {"pages": 100}),  # the rate from 100 pages on is not known
)
