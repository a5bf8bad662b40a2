"""Opening workbooks (.xlsx, .xls, .ods): values, what a cell shows, what is hidden. Nothing in them is ever run."""
