"""Văn phòng UBND tỉnh: the contract, and what the catalogue says."""

from __future__ import annotations

from kiosk.plugin.testing import DepartmentContract, PluginCase


class TestContract(DepartmentContract):
    pass


class TestCatalogue(PluginCase):
    def test_no_desk_no_line_no_procedures(self, department):
        assert (department.front_desk, department.prefix, department.procedures) == (False, "", ())
        assert (department.title, department.agency_number) == ("Văn phòng UBND tỉnh", "01")
