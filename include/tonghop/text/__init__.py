"""Text as it arrives: bytes to letters, letters made comparable. Pure, knows no file and no database."""
