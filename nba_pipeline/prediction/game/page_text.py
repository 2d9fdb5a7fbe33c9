"""The fixed text of a game's page: style, script and skeleton. What is filled in is `page.py`'s."""

from string import Template

STYLE = """
:root {
  --home: #2f6690; --away: #b3702b; --ink: #1d2329; --soft: #68727c; --grid: #e3e6e9; --paper: #fff; --card: #f5f6f8;
  color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :root { --home: #6ba3cf; --away: #d99a55; --ink: #e8ebee; --soft: #98a2ac; --grid: #343b42; --paper: #171b1f; --card: #20262c; }
}
body {
  font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 1000px; margin: 2rem auto; padding: 0 1rem;
}
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; }
p { color: var(--soft); margin: .2rem 0 1rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: .8rem; margin: 1rem 0; }
.card { background: var(--card); border-radius: 8px; padding: .7rem 1rem; }
.card b { display: block; font-size: 1.45rem; line-height: 1.3; }
.card span { color: var(--soft); font-size: .85rem; }
svg { width: 100%; height: auto; }
svg text { fill: var(--soft); font-size: 11px; }
.grid { stroke: var(--grid); }
.curve { fill: none; stroke: var(--ink); stroke-width: 1.6; stroke-linejoin: round; }
polygon.home { fill: var(--home); fill-opacity: .3; }
polygon.away { fill: var(--away); fill-opacity: .3; }
.badge circle { stroke: var(--paper); stroke-width: 1.5; }
.badge text { fill: #fff; font-weight: 700; }
.badge.home circle { fill: var(--home); }
.badge.away circle { fill: var(--away); }
.cursor { stroke: var(--soft); stroke-dasharray: 3 3; }
#reading { min-height: 1.5em; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--grid); }
th { color: var(--soft); font-weight: 500; }
td:last-child, th:last-child { text-align: right; }
td.home { color: var(--home); }
td.away { color: var(--away); }
"""

SCRIPT = """
const svg = document.querySelector("svg"), cursor = document.getElementById("cursor"), reading = document.getElementById("reading");
svg.addEventListener("mousemove", event => {
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  const seconds = (at.x - left) / span * end;
  let row = rows[0];
  for (const next of rows) { if (next[0] > seconds) break; row = next; }
  const x = left + row[0] / end * span;
  cursor.setAttribute("x1", x); cursor.setAttribute("x2", x); cursor.setAttribute("visibility", "visible");
  reading.textContent = row[1];
});
"""

PAGE = Template("""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>$title</title>
<style>$style</style></head>
<body>
<h1>$title</h1>
<p>$score · $clock · $made_by</p>
$notice
<div class="cards">$cards</div>
$drawing
<div id="reading" aria-live="polite">Move over the curve to read it.</div>
<h2>Biggest swings</h2>
<table><thead><tr><th>#</th><th>clock</th><th>team</th><th>play</th><th>score</th><th>points of P($home wins)</th></tr></thead>
<tbody>$swings</tbody></table>
<script>const rows = $rows, end = $end, left = $left, span = $span;$script</script>
</body></html>
""")
