// Choosing and counting over the batch's facets, worded as the tables behind the report are.
// Nothing here needs a page; tests/test_browser.py compares it with the Python it stands for.

// Half to even, as Python rounds; only all is 100% and only none 0%.
function percent(share) {
  const hundred = share * 100;
  let whole = Math.round(hundred);
  if (Math.abs(hundred % 1) === 0.5 && whole % 2) whole -= 1;
  if (whole === 100 && share < 1) return "over 99%";
  return whole === 0 && share > 0 ? "under 1%" : whole + "%";
}

// Wilson's score interval at 95%; see pipelines/intervals.py for the source.
function wilson(k, n) {
  if (!n) return [0, 1];
  const z2 = 1.959963984540054 ** 2, share = k / n, centre = share + z2 / (2 * n);
  const reach = Math.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n)));
  return [k === 0 ? 0 : Math.max(0, (centre - reach) / (1 + z2 / n)),
    k === n ? 1 : Math.min(1, (centre + reach) / (1 + z2 / n))];
}

const interval = (k, n) => wilson(k, n).map(percent).join(" to ");
const counted = (n, one, many) => n.toLocaleString("en-GB") + " " + (n === 1 ? one : many || one + "s");

// The documents and findings that fit a filter; `says` tells whether a finding has its words.
function choose(batch, filter, says) {
  const wanted = {};
  for (const [name, list] of Object.entries({ unit: "units", region: "regions", rating: "ratings", year: "years", standard: "standards", issue: "issues" }))
    if (filter[name]) wanted[name] = batch[list].indexOf(filter[name]);
  if (filter.theme) wanted.theme = batch.themes.findIndex(([slug]) => slug === filter.theme);
  const documents = batch.documents.map(([unit, region, rating, year, standards]) =>
    ["unit", "region", "rating", "year"].every((name, i) => !(name in wanted) || [unit, region, rating, year][i] === wanted[name]) &&
    (!("standard" in wanted) || standards.includes(wanted.standard)));
  const side = filter.polarity ? String(Object.keys(batch.polarities).indexOf(filter.polarity)) : "";
  const f = batch.findings, findings = [];
  for (let i = 0; i < f.document.length; i += 1) {
    if (!documents[f.document[i]]) continue;
    if (side && f.side[i] !== side) continue;
    if (filter.check && f.check[i] !== "1") continue;
    if ("standard" in wanted && f.standard[i] !== wanted.standard) continue;
    if ("theme" in wanted && !f.theme[i].includes(wanted.theme)) continue;
    if ("issue" in wanted && !f.issue[i].includes(wanted.issue)) continue;
    if (says && !says(i)) continue;
    findings.push(i);
  }
  return { documents, findings, units: new Set(batch.documents.filter((_, i) => documents[i]).map((d) => d[0])) };
}

// Which sides a filter leaves, [areas, strengths]: what it takes away is not counted, and is not none.
function sidesLeft(batch, filter) {
  const named = filter.polarity ? Object.keys(batch.polarities).indexOf(filter.polarity) : -1;
  const stated = filter.issue ? "01".indexOf(batch.issueSides[batch.issues.indexOf(filter.issue)] || "-") : -1;
  return [0, 1].map((side) => batch.sides[side] === "1" && [named, stated].every((one) => one === -1 || one === side));
}

// Units (those that are sure, too) and findings by theme and side, by issue, and findings by theme, unit and side.
function tally(batch, chosen) {
  const f = batch.findings, count = () => ({ units: new Set(), sure: new Set(), findings: 0 });
  const out = { total: chosen.units.size, sides: [count(), count()], issues: new Map(), cells: new Map(), wholes: new Map(), all: count(),
    themes: batch.themes.map(() => [count(), count()]) };
  const add = (to, unit, sure) => { to.units.add(unit); to.findings += 1; if (sure) to.sure.add(unit); };
  for (const i of chosen.findings) {
    const [unit, region] = batch.documents[f.document[i]], side = Number(f.side[i]);
    add(out.all, unit);
    add(out.sides[side], unit);
    for (const key of [`${side} unit ${unit}`, `${side} region ${region}`]) out.wholes.set(key, (out.wholes.get(key) || 0) + 1);
    for (const [at, theme] of f.theme[i].entries()) {
      add(out.themes[theme][side], unit, (f.sure[i] >> at) & 1);
      for (const key of [`${theme} ${side} unit ${unit}`, `${theme} ${side} region ${region}`])
        out.cells.set(key, (out.cells.get(key) || 0) + 1);
    }
    for (const [at, issue] of f.issue[i].entries()) {
      if (!out.issues.has(issue)) out.issues.set(issue, count());
      add(out.issues.get(issue), unit, at < f.sureIssues[i]);
    }
  }
  return out;
}
