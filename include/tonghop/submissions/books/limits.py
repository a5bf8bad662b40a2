"""How large a workbook may be, and why. A returns form of the whole country has some 15,000 rows and 60 columns."""

from __future__ import annotations

MAX_FILE = 64 * 1024 * 1024
"""Bytes as received: thirty times the largest return we have seen, and it is held in memory."""
MAX_UNPACKED = 512 * 1024 * 1024
"""Bytes of all parts of a zip together, as they come out (not as the zip declares them): ten million plain cells."""
MAX_RATIO = 200
"""Unpacked to packed bytes of one part. Plain sheets reach 30, empty formatted ones 100; bombs start at 1,000."""
RATIO_FROM = 16 * 1024 * 1024
"""Parts below this may compress as they like: they cannot hurt."""
MAX_SMALL_PART = 32 * 1024 * 1024
"""Bytes of a part that is held whole (the list of sheets, the styles): Excel allows 65,000 styles, 20 MB."""
MAX_PARTS = 2_000
"""Members of the zip: a part is a sheet, a picture, a comment page."""
MAX_SHEETS = 256
"""A sheet a unit is the most that is ever made by hand."""
MAX_ROWS = 200_000
"""Rows to the last one with a value: there are 15,063 units in the register."""
MAX_COLUMNS = 702
"""Columns to the last one with a value (A … ZZ)."""
MAX_CELLS = 5_000_000
"""The area from A1 to the last value, all sheets together: values are held as a rectangle, 60 bytes a cell."""
MAX_CELL_TEXT = 32_767
"""Letters in a cell: Excel's own limit; only another program can write more."""
MAX_TAG_FREE = 1024 * 1024
"""Bytes of XML without a tag: 32,767 letters escaped letter by letter stay far below."""
