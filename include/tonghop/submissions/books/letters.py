"""The letters of a book's cells in Unicode, and what had to be decided about them: fonts of the 1990s draw others."""

from __future__ import annotations

from tonghop.text.fonts import decode_cell


class Letters:
    """Turns the text of a cell into Unicode; remembers which encodings it met and what it was unsure of."""

    def __init__(self) -> None:
        self.encodings: set[str] = set()
        self._doubts: dict[tuple[str, str], None] = {}

    def __call__(self, text: str, font: str) -> str:
        """The text in Unicode, decided by its font where that says so, else by words that leave no doubt.

        Args:
            font: the cell's font (".VnTimeH": TCVN3, in capitals; "VNI-Times": VNI); "" where the format does not say.
        """
        decoded, evidence = decode_cell(text, font or None)
        if evidence is not None:
            self.encodings |= {evidence.encoding} - {""}
            if evidence.warning is not None:
                self._doubts[evidence.warning] = None
        return decoded

    def warning(self, beside: str | None = None) -> str | None:
        """The first doubts as one warning (Vietnamese / English), after what is to be said anyway."""
        doubts = list(self._doubts)[:3]
        mine = f"{'; '.join(vi for vi, _ in doubts)} / {'; '.join(en for _, en in doubts)}" if doubts else None
        return "\n".join(each for each in (beside, mine) if each) or None
