"""The report: one page without anything from outside."""

from html import escape

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; color: #222 }
h1, h2 { font-weight: 600 } figure { margin: 1.5rem 0 } figcaption { color: #666; font-size: 0.9rem }
table { border-collapse: collapse; margin: 1rem 0 } td, th { padding: 0.3rem 0.8rem; text-align: right }
th { font-weight: 500; color: #666 } td.right { background: #e6f2ec } td.wrong { background: #fbe9e4 }
"""


def label(params):
    return f"{params['neighbours']} {params['metric']}"


def chart(grid, accuracies, best):
    """Bars from 50 % to 100 %."""
    bar, left, width = 30, 150, 460
    rows = []
    for index, (params, accuracy) in enumerate(zip(grid, accuracies)):
        top = index * bar
        length = max(0.0, (accuracy - 0.5) / 0.5) * width
        fill = "#2f7d5b" if params == best else "#b9cfc4"
        rows.append(
            f'<text x="{left - 10}" y="{top + 19}" text-anchor="end">{escape(label(params))}</text>'
            f'<rect x="{left}" y="{top + 5}" width="{length:.1f}" height="{bar - 10}" fill="{fill}"/>'
            f'<text x="{left + length + 8:.1f}" y="{top + 19}">{accuracy:.1%}</text>'
        )
    size = f'viewBox="0 0 {left + width + 80} {len(grid) * bar}"'
    return f'<svg {size} font-family="system-ui, sans-serif" font-size="14" role="img">{"".join(rows)}</svg>'


def confusion(table):
    names = sorted({guess for row in table.values() for guess in row} | set(table))
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = ""
    for species in names:
        cells = ""
        for guess in names:
            count = table.get(species, {}).get(guess, 0)
            kind = "right" if species == guess else "wrong" if count else ""
            cells += f'<td class="{kind}">{count}</td>'
        body += f"<tr><th>{escape(species)}</th>{cells}</tr>"
    return f"<table><tr><th></th>{head}</tr>{body}</table>"


def page(grid, accuracies, tables, best, published):
    chosen = grid.index(best)
    verdict = "It was published." if published else "It was not good enough to be published."
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Iris</title><style>{STYLE}</style>
<h1>Iris by nearest neighbours</h1>
<p>Of {len(grid)} settings the best is <b>{escape(label(best))}</b>, right in {accuracies[chosen]:.1%} of all cases. {verdict}</p>
<figure>{chart(grid, accuracies, best)}<figcaption>Accuracy on the flowers that were held out, from 50 %.</figcaption></figure>
<h2>What was taken for what</h2>
{confusion(tables[chosen])}
<p>Rows: what a flower is. Columns: what it was taken for.</p>
</html>
"""
