"""Why a file was refused, in the admin's language: the readers speak English, as their files' keys do."""

from __future__ import annotations

import re

VIETNAMESE: tuple[tuple[str, str], ...] = (
    (r"is missing", "còn thiếu"),
    (r"must not be empty", "không được để trống"),
    (r"is empty", "còn trống; cần ít nhất một"),
    (r"is missing; a free procedure has one case of 0", "còn thiếu; thủ tục miễn phí ghi một dòng fee với 0 đồng"),
    (r"must say why there is no term", "phải nói vì sao không có thời hạn"),
    (r"must tell the formula in words", "phải nói công thức bằng lời"),
    (r"unknown key", "không dùng được ở đây"),
    (r"unknown column", "không có cột này"),
    (r"this column is there twice", "cột này có hai lần"),
    (r"unknown (.+); allowed: (.+)", r"không có giá trị \1; dùng được: \2"),
    (r"(\S+) is not between (\S+) and (\S+)", r"\1 không nằm trong khoảng \2 đến \3"),
    (r"(.+) is not like 2\.000488", r"\1 không đúng dạng mã như 2.000488"),
    (r"write the short form, (.+)", r"xin ghi mã ngắn \1"),
    (r"(.+) has the wrong shape", r"\1 không đúng dạng"),
    (r"longer than (\d+) characters", r"dài quá \1 ký tự"),
    (r"(\d+) (\w+) is no term", r"\1 \2 không phải là thời hạn"),
    (r"lies before (\w+)", r"trước \1"),
    (r"is in force on the same days as an earlier row", "trùng ngày hiệu lực với dòng trước"),
    (r"overlaps (.+), which has the same code", r"trùng ngày hiệu lực với \1 có cùng mã"),
    (r"the same key twice", "trùng khóa"),
    (r"says the same twice", "có giá trị lặp lại"),
    (r"there is no department (.+)", r"không có sở, ngành \1; tệp không thêm được sở, ngành"),
    (r'has no row "procedure"', "thủ tục này chưa có dòng procedure"),
    (r'a row "(\w+)" has nothing to say here', r"dòng \1 không dùng cột này"),
    (r"this procedure is there twice", "thủ tục này có hai lần"),
    (r"the usual term is there twice", "thời hạn thông thường có hai lần"),
    (r"has more cells than the heading", "có nhiều ô hơn dòng tiêu đề"),
    (r"must be text; format the cell as text", "phải là chữ; xin định dạng ô là Văn bản"),
    (r"must not be negative", "không được âm"),
    (r"must be a whole number.*", "phải là số nguyên, ví dụ 50000 hoặc 50.000"),
    (r"must be a day such as .+", "phải là ngày, ví dụ 23/11/2026"),
    (r"must be a day without a time", "phải là ngày, không có giờ"),
    (r'must be "có" or empty', "ghi “có” hoặc để trống"),
    (r"must be true or false", "ghi “có” hoặc để trống"),
    (r"is a formula; put its value instead", "là công thức; xin thay bằng giá trị"),
    (r"is an error of the spreadsheet", "là lỗi của bảng tính"),
    (r"the file is empty", "tệp trống"),
    (r"the file is larger than (\d+) MB", r"tệp lớn hơn \1 MB"),
    (r"unpacks to more than (\d+) MB", r"tệp nén mở ra lớn hơn \1 MB"),
    (r"more than (\d+) rows", r"nhiều hơn \1 dòng"),
    (r"more than (\d+) cells", r"nhiều hơn \1 ô"),
    (r"this is an old or protected Excel file.*", "đây là tệp Excel cũ hoặc có mật khẩu; xin lưu lại dạng .xlsx, không mật khẩu"),
    (r"this is neither an \.xlsx file nor a CSV file in UTF-8", "đây không phải tệp .xlsx hay tệp CSV mã UTF-8"),
    (r"this \.xlsx file cannot be read", "không đọc được tệp .xlsx này"),
    (r"this row is not CSV.*", "dòng này không đúng dạng CSV; có thể thiếu dấu nháy"),
    (r"there is no heading with the columns .+", "thiếu dòng tiêu đề có các cột row, department, procedure"),
    (r"the file has headings and no rows", "tệp chỉ có tiêu đề, không có dòng nào"),
    (r"compute_fee: plugin_failed .*", "cách tính phí của ngành không tính được; có thể thiếu một trường hợp phí"),
    (r"compute_fee: .*", "không tính được phí theo nội dung này"),
    (r"term_for: .*", "không tính được ngày hẹn trả theo nội dung này"),
)  # fmt: skip
_READY = tuple((re.compile(pattern), words) for pattern, words in VIETNAMESE)


def reason_text(reason: str, language: str) -> str:
    """A problem's reason in words; what has no Vietnamese stays as it is."""
    if language == "vi":
        for pattern, words in _READY:
            found = pattern.fullmatch(reason)
            if found:
                return found.expand(words)
    return reason
