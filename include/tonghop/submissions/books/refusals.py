"""How a workbook that cannot be opened is refused: one line, Vietnamese and English."""

from __future__ import annotations

from tonghop.submissions.reading import Unreadable

_SAVE_VI, _SAVE_EN = "hãy mở bằng Excel và lưu lại dạng .xlsx", "open it in Excel and save it as .xlsx"


def broken(detail: str, locator: str = "file") -> Unreadable:
    """S01: a damaged workbook; ``detail`` is what the library met."""
    first = " ".join(detail.split())[:160] or "unknown"
    return Unreadable(
        "S01",
        locator,
        f"không mở được bảng tính ({first}); {_SAVE_VI}",
        f"the workbook cannot be opened ({first}); {_SAVE_EN}",
    )


def has_password() -> Unreadable:
    """S01: an encrypted workbook."""
    return Unreadable(
        "S01",
        "file",
        "tệp đặt mật khẩu; hãy bỏ mật khẩu rồi gửi lại",
        "the file has a password; remove the password and send it again",
    )


def no_workbook(what: str) -> Unreadable:
    """S01: bytes that are something else than their name says."""
    return Unreadable(
        "S01",
        "file",
        f"nội dung tệp không phải bảng tính ({what}); {_SAVE_VI}",
        f"the file's content is no workbook ({what}); {_SAVE_EN}",
    )


def empty() -> Unreadable:
    """S01: nothing in it."""
    return Unreadable(
        "S01", "file", "tệp trống; hãy gửi lại tệp có số liệu", "the file is empty; send one with figures"
    )


def too_large(what_vi: str, what_en: str, locator: str = "file") -> Unreadable:
    """S01: beyond a limit of ``limits``."""
    return Unreadable(
        "S01",
        locator,
        f"bảng tính quá lớn: {what_vi}; hãy xóa phần thừa hoặc chia thành nhiều tệp",
        f"the workbook is too large: {what_en}; delete what is not needed or split it into several files",
    )
