"""Ban Quản lý các khu công nghiệp tỉnh: the contract, and each rule of its own against figures worked out by hand."""

from __future__ import annotations

import pytest

from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.domain.dossier import Channel
from kiosk.plugin.testing import DepartmentContract, PluginCase


class TestContract(DepartmentContract):
    pass


class TestCatalogue(PluginCase):
    def test_three_procedures_of_unknown_code(self, department):
        assert {p.key: p.code for p in department.procedures} == {
            "chung-nhan-dang-ky-dau-tu": None,
            "giay-phep-lao-dong": None,
            "chung-nhan-xuat-xu-mau-d": None,
        }
        assert (department.prefix, department.title) == ("Z", "Ban Quản lý các khu công nghiệp tỉnh")

    @pytest.mark.parametrize(
        ("everyday", "key"),
        [
            ("giấy phép đầu tư", "chung-nhan-dang-ky-dau-tu"),
            ("GPLĐ", "giay-phep-lao-dong"),
            ("form D", "chung-nhan-xuat-xu-mau-d"),
        ],
    )
    def test_found_by_what_people_call_it(self, offered, everyday, key):
        assert key in [p.key for p in offered.search(everyday)]


class TestFees(PluginCase):
    @pytest.mark.parametrize("channel", list(Channel))
    @pytest.mark.parametrize(
        ("key", "answers", "kind", "dong"),
        [
            ("chung-nhan-dang-ky-dau-tu", {}, "le_phi", 0),
            ("giay-phep-lao-dong", {}, "le_phi", 600_000),
            ("chung-nhan-xuat-xu-mau-d", {}, "le_phi", 0),
        ],
    )
    def test_one_line_the_same_by_every_channel(self, fee, key, answers, kind, dong, channel):
        assert [(line.kind, line.total) for line in fee(key, channel=channel, **answers)] == [(kind, dong)]

    def test_the_work_permit_names_who_sets_its_fee(self, fee):
        assert [line.legal_basis for line in fee("giay-phep-lao-dong")] == ["HĐND tỉnh quyết định"]


class TestTerms(PluginCase):
    @pytest.mark.parametrize(
        ("key", "answers", "term"),
        [
            ("chung-nhan-dang-ky-dau-tu", {}, Term(15, TimeUnit.CALENDAR_DAYS)),
            ("giay-phep-lao-dong", {}, Term(5, TimeUnit.WORKING_DAYS)),
            ("chung-nhan-xuat-xu-mau-d", {}, Term(6, TimeUnit.WORKING_HOURS)),
        ],
    )
    def test_the_term_of_the_law(self, offered, key, answers, term):
        assert offered.term_for(offered.find_procedure(key), answers) == term
