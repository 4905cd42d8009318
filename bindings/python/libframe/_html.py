"""A frame as an HTML table, for notebooks: escaped, with types, never more than a screenful."""
import html

MOST_ROWS, MOST_COLUMNS, MOST_TEXT = 20, 40, 200


def shown(n, most):
    """Indices that are shown, None where some are left out."""
    if n <= most:
        return list(range(n))
    half = most // 2
    return [*range(half), None, *range(n - half, n)]


def escaped(text):
    if len(text) > MOST_TEXT:
        text = text[:MOST_TEXT] + "…"
    return html.escape(text)


def is_number(dtype):
    return dtype[0] in "iuf" and dtype[1:].isdigit() or dtype.startswith("decimal")


def cell(core, row, column, dtype):
    text = core.cell(row, column)
    if text is None:
        return '<td style="text-align:right"><i>null</i></td>' if is_number(dtype) else "<td><i>null</i></td>"
    return f'<td style="text-align:{"right" if is_number(dtype) else "left"}">{escaped(text)}</td>'


def html_of(frame):
    """The table, with a line saying how much there is."""
    core, names, types = frame._core, frame.columns, frame.dtypes
    columns = shown(len(names), MOST_COLUMNS)
    head = "".join("<th>…</th>" if i is None else f"<th>{escaped(names[i])}<br><small>{escaped(types[i])}</small></th>"
                   for i in columns)
    body = []
    for row in shown(len(frame), MOST_ROWS):
        cells = ("<td>…</td>" if row is None or i is None else cell(core, row, i, types[i]) for i in columns)
        body.append(f"<tr>{''.join(cells)}</tr>")
    size = f"{len(frame):,} rows × {len(names):,} columns"
    return (f'<div class="libframe"><p><small>{size}</small></p><table><thead><tr>{head}</tr></thead>'
            f'<tbody>{"".join(body)}</tbody></table></div>')
