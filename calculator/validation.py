"""Cross-validate the calculator on measurements: `python -m calculator.validation MEASURED.csv [--write]`.

Without a file it prints the committed table. `--write` commits a new one beside coefficients.json and writes
docs/accuracy.md from it.
"""

# ruff: noqa: T201  # the command line prints

import argparse
import json
import sys
from pathlib import Path

from calculator.accuracy.left_out import leave_out, table_of
from calculator.accuracy.page import PAGE, page_of, text_of
from calculator.accuracy.table import PATH, Table, committed, write_table
from calculator.fit.data import kept_of
from calculator.measured.rows import read_rows


def main(arguments: list[str] | None = None) -> int:
    """The command line; 0 whenever the file was read."""
    parser = argparse.ArgumentParser(prog="python -m calculator.validation", description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", help="measurements, in the columns of measured.csv")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    parser.add_argument("--write", action="store_true", help="write the committed table and docs/accuracy.md")
    options = parser.parse_args(arguments)
    try:
        table = _table(options.file)
    except (OSError, UnicodeDecodeError) as error:
        print(f"cannot read {options.file or PATH}: {error}", file=sys.stderr)
        return 1
    if options.write:
        write_table(table, PATH)
        PAGE.write_text(page_of(table), encoding="utf-8")
    print(json.dumps(table.as_dict()) if options.json else text_of(table))
    return 0


def _table(file: Path | None) -> Table:
    if file is None:
        return committed()
    rows = list(read_rows(file))
    return table_of(rows, leave_out(kept_of(rows), lambda text: print(text, file=sys.stderr, flush=True)))


if __name__ == "__main__":
    sys.exit(main())
