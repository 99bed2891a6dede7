"""Draws a report as one HTML page for paper: no scripts, and nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from html import escape

from casework.language import Speech
from screens.base.lines import capital, harmless
from screens.reports import words
from screens.reports.bars import Row, rows_of
from screens.reports.words import Names
from stepping.reports.model import Figure
from stepping.reports.table import Table

_STYLE = """
@page { size: A4; margin: 14mm; }
body { font: 10.5pt/1.35 "Liberation Sans", Arial, sans-serif; max-width: 52em; margin: 2em auto;
  padding: 0 1em; color: #000; background: #fff; }
h1 { font-size: 1.5em; margin: 0 0 .2em; }
p { margin: .25em 0; }
table { border-collapse: collapse; width: 100%; margin: 1em 0; }
caption, th, td { text-align: left; padding: .22em .4em; vertical-align: middle; }
caption { font-weight: bold; padding-left: 0; caption-side: top; }
thead th, thead td { border-bottom: 1.5px solid #000; font-size: .9em; }
tbody td, tbody th { border-bottom: 1px solid #bbb; font-weight: normal; }
tbody tr.all th { font-weight: bold; }
td.n, th.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.now { font-weight: bold; }
td.bar { width: 32%; }
col.name { width: 30%; }
svg { display: block; width: 100%; height: 1.1em; }
.small { font-size: .85em; color: #222; border-top: 1px solid #000; margin-top: 1.5em;
  padding-top: .4em; overflow-wrap: anywhere; }
.warning { border: 2px solid #000; padding: .4em .6em; }
@media print {
  body { max-width: none; margin: 0; padding: 0; font-size: 9.5pt; }
  tr, caption { break-inside: avoid; }
  thead { display: table-header-group; }
  caption, thead { break-after: avoid; }
  table.whole { break-inside: avoid; }
}
"""
_WIDE, _HIGH = 200, 12
_ROWS_OF_A_PAGE = 30
"""A table of no more rows is not broken over two pages."""


def as_html(table: Table, names: Names, t: Speech) -> bytes:
    """Return a whole page that a browser shows and prints without a network."""
    title = _safe(words.title(table, t))
    body = "\n".join((*_head(table, t), *_tables(table, names, t), *_foot(table, t)))
    return (
        f'<!DOCTYPE html>\n<html lang="{_safe(t.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    ).encode()


def _head(table: Table, t: Speech) -> Iterator[str]:
    yield f"<h1>{_safe(words.title(table, t))}</h1>"
    yield f"<p>{_safe(words.periods_words(table, t))}</p>"
    for sentence in words.standing(table, t):
        warns = ' class="warning"' if sentence == t(words.SMALL) else ""
        yield f"<p{warns}>{_safe(sentence)}</p>"


def _foot(table: Table, t: Speech) -> Iterator[str]:
    legend = [t("The filled bar is the period, the line a year before.")]
    if any(cell.target is not None for cell in table.cells):
        legend.append(t("The triangle is the target."))
    if not table.is_empty:
        yield f"<p>{_safe(' '.join(legend))}</p>"
    yield f'<p class="small">{_safe(words.made_words(table, t))}</p>'


def _tables(table: Table, names: Names, t: Speech) -> Iterator[str]:
    """Yield one table of all figures, or one for each figure with its groups."""
    if table.is_empty:
        return
    if not table.groups:
        rows = [
            (t(words.FIGURES[figure.name]), row)
            for figure in table.figures
            for row in rows_of(table, figure)
        ]
        yield _table(table, "", rows, t)
        return
    for figure in table.figures:
        yield from _figure(table, figure, names, t)


def _figure(table: Table, figure: Figure, names: Names, t: Speech) -> Iterator[str]:
    rows = [
        (words.group_words(table, row.group, names, t), row)
        for row in rows_of(table, figure)
        if not row.is_empty
    ]
    if rows:
        yield _table(table, capital(t(words.FIGURES[figure.name])), rows, t)


def _table(table: Table, caption: str, rows: list[tuple[str, Row]], t: Speech) -> str:
    aims = any(row.now.target is not None for _, row in rows)
    heads = [words.period_words(period, t) for period in table.periods] + [t("target")] * aims
    top = "<td></td><td></td>"
    top += "".join(f'<th scope="col" class="n">{_safe(head)}</th>' for head in heads)
    body = "\n".join(_row(name, row, t, aims=aims) for name, row in rows)
    head = f"<caption>{_safe(caption)}</caption>\n" if caption else ""
    whole = ' class="whole"' if len(rows) <= _ROWS_OF_A_PAGE else ""
    return (
        f'<table{whole}>\n{head}<colgroup><col class="name"></colgroup>\n'
        f"<thead><tr>{top}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
    )


def _row(name: str, row: Row, t: Speech, *, aims: bool) -> str:
    cells = [
        f'<th scope="row">{_safe(name)}</th>',
        f'<td class="bar">{_picture(row)}</td>',
        f'<td class="n now">{_safe(words.value_words(row.figure, row.now, t))}</td>',
        f'<td class="n">{_safe(words.value_words(row.figure, row.before, t))}</td>',
    ]
    if aims:
        cells.append(
            f'<td class="n">{_safe(words.target_words(row.figure, row.now.target, t))}</td>'
        )
    whole = ' class="all"' if row.group is None else ""
    return f"<tr{whole}>{''.join(cells)}</tr>"


def _picture(row: Row) -> str:
    """Draw the bar; whoever does not see it has the numbers beside it."""
    if row.now_part is None and row.before_part is None and row.target_part is None:
        return ""
    parts = [f'<rect y="5.5" width="{_WIDE}" height="1" fill="#bbb"/>']
    if row.now_part is not None:
        parts.append(f'<rect y="2" width="{_at(row.now_part)}" height="8" fill="#456"/>')
    if row.before_part is not None:
        parts.append(f'<rect x="{_at(row.before_part, 2)}" width="2" height="12" fill="#000"/>')
    if row.target_part is not None:
        x = _at(row.target_part, 0)
        parts.append(f'<g transform="translate({x} 0)"><path d="M-4 0h8l-4 6z" fill="#a30"/></g>')
    box = f"-5 0 {_WIDE + 10} {_HIGH}"
    return (
        f'<svg viewBox="{box}" preserveAspectRatio="none" aria-hidden="true">{"".join(parts)}</svg>'
    )


def _at(part: Fraction, room: int = 0) -> str:
    return words.decimals(min(part, Fraction(1)) * (_WIDE - room), 1)


def _safe(text: str) -> str:
    return escape(harmless(text))
