"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const list = document.getElementById("list");
  const nodes = [...list.children];
  const made = nodes.length;
  const rest = document.getElementById("rest");
  const sources = rest ? rest.textContent.split("<!--next-->").slice(1) : [];
  const form = document.getElementById("filters");
  const status = document.getElementById("status");
  const more = document.getElementById("more");
  const breakdown = document.getElementById("breakdown");
  const STEP = 50;
  const NAMES = ["region", "unit", "standard", "polarity", "theme", "rating", "issue", "year", "check"];
  let shown = STEP;
  let chosen = [];
  let texts = null;

  // Findings beyond the first are markup until they are shown.
  function node(place) {
    if (!nodes[place]) {
      const holder = document.createElement("template");
      holder.innerHTML = sources[place - made];
      nodes[place] = holder.content.firstElementChild;
    }
    return nodes[place];
  }

  const percent = (share) => Math.round(share * 100) + "%";
  const counted = (n, one, many) => n.toLocaleString("en-GB") + " " + (n === 1 ? one : many || one + "s");

  // Wilson's score interval, as the tables behind the charts have it.
  function interval(k, n) {
    if (!n) return "";
    const z = 1.959963984540054, p = k / n, d = 1 + z * z / n;
    const c = p + z * z / (2 * n), r = z * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    const low = k === 0 ? 0 : Math.max(0, (c - r) / d), high = k === n ? 1 : Math.min(1, (c + r) / d);
    return percent(low) + " to " + percent(high);
  }

  const has = (value, wanted) => Array.isArray(value) ? value.includes(wanted) : value === wanted;
  const selected = () => Object.fromEntries([...new FormData(form)].map(([k, v]) => [k, v.trim()]).filter(([, v]) => v));

  function matches(place, filter) {
    const facets = data.findings[place];
    for (const name of NAMES) if (filter[name] && !has(facets[name], filter[name])) return false;
    return true;
  }

  function apply(keep) {
    const filter = selected();
    const words = (filter.words || "").toLocaleLowerCase("en-GB").split(/\s+/).filter(Boolean);
    if (words.length && !texts) texts = data.findings.map((_, i) =>
      [...node(i).querySelectorAll(".text, blockquote")].map((part) => part.textContent).join(" ").toLocaleLowerCase("en-GB"));
    chosen = data.findings.map((_, i) => i).filter((i) => matches(i, filter) && words.every((w) => texts[i].includes(w)));
    if (!keep) shown = STEP;
    draw();
    const units = new Set(chosen.map((i) => data.findings[i].unit));
    const scope = data.units.filter((u) => ["region", "unit", "rating"].every((n) => !filter[n] || has(u[n], filter[n])));
    status.textContent = chosen.length
      ? scope.length === 1 ? counted(chosen.length, "finding") + " in 1 unit"
      : counted(chosen.length, "finding") + " in " + units.size + " of " + counted(scope.length, "unit") +
        " (" + percent(units.size / scope.length) + ", 95% interval " + interval(units.size, scope.length) + ")"
      : "No finding fits all of these filters.";
    if (breakdown.open) tabulate(scope.length);
    breakdown.dataset.units = scope.length;
    return filter;
  }

  function draw() {
    list.replaceChildren(...chosen.slice(0, shown).map(node));
    more.hidden = chosen.length <= shown;
    more.textContent = "Show " + Math.min(STEP, chosen.length - shown) + " more of " + (chosen.length - shown);
  }

  function tabulate(total) {
    const counts = new Map();
    for (const i of chosen) for (const theme of data.findings[i].theme) {
      if (!counts.has(theme)) counts.set(theme, { units: new Set(), findings: 0 });
      counts.get(theme).units.add(data.findings[i].unit);
      counts.get(theme).findings += 1;
    }
    const rows = [...counts].sort((a, b) => b[1].units.size - a[1].units.size || b[1].findings - a[1].findings);
    const body = breakdown.querySelector("tbody");
    body.replaceChildren(...rows.map(([theme, count]) => {
      const row = document.createElement("tr");
      const head = document.createElement("th");
      head.scope = "row";
      const link = document.createElement("a");
      link.href = address({ ...selected(), theme });
      link.textContent = data.themes[theme] || theme;
      head.append(link);
      const cells = [count.units.size + " of " + total, percent(count.units.size / total), interval(count.units.size, total), count.findings];
      row.append(head, ...cells.map((text) => { const cell = document.createElement("td"); cell.textContent = text; return cell; }));
      return row;
    }));
  }

  function address(filter) {
    const query = Object.entries(filter).map(([k, v]) => k + "=" + encodeURIComponent(v)).join("&");
    return "#findings" + (query ? "?" + query : "");
  }

  function bring(place) {
    if (!chosen.includes(place)) { form.reset(); apply(); }
    shown = Math.max(shown, chosen.indexOf(place) + 1);
    draw();
    return node(place);
  }

  function reveal(target) {
    for (let part = target; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
    target.scrollIntoView();
    if (target.hasAttribute("tabindex")) target.focus({ preventScroll: true });
  }

  function follow() {
    const hash = location.hash.slice(1);
    if (hash === "findings" || hash.startsWith("findings?")) {
      form.reset();
      for (const [name, value] of new URLSearchParams(hash.slice(9))) {
        const field = form.elements.namedItem(name);
        if (field) field.value = value;
      }
      apply();
      reveal(document.getElementById("findings"));
    } else if (hash) {
      const place = data.findings.findIndex((f) => f.anchor === hash);
      const target = place < 0 ? document.getElementById(decodeURIComponent(hash)) : bring(place);
      if (target) reveal(target);
    }
  }

  function save() {
    // A cell that a spreadsheet would take for a formula gets an apostrophe before it.
    const cell = (text) => '"' + (/^[=+\-@\t\r]/.test(text) ? "'" + text : text).replaceAll('"', '""') + '"';
    const lines = [["finding", "unit", "region", "published", "standard", "polarity", "themes", "page", "text"]];
    for (const i of chosen) {
      const f = data.findings[i];
      lines.push([f.id, f.unit, f.region, f.published, f.standard, data.polarities[f.polarity],
        f.theme.map((t) => data.themes[t] || t).join("; "), f.page, node(i).querySelector(".text").textContent]);
    }
    const blob = new Blob(["\ufeff" + lines.map((line) => line.map(cell).join(",")).join("\r\n")], { type: "text/csv" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = "findings.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  function printSelection() {
    const before = shown;
    shown = chosen.length;
    draw();
    document.body.classList.add("selection");
    window.print();
    document.body.classList.remove("selection");
    shown = before;
    draw();
  }

  // Closed parts would be missing on paper.
  window.addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll(".advice details")) part.open = true;
  });

  // Why a finding has its themes, and where it stands: drawn when asked for, as it is much.
  function explain(item) {
    const facets = data.findings[nodes.indexOf(item)];
    const body = document.createElement("div");
    body.className = "why";
    if (facets.boxes.length) body.append(leaf(facets));
    const reasons = document.createElement("div");
    const text = [...item.querySelector(".text").textContent];
    for (const [theme, spans] of Object.entries(facets.reasons)) {
      const line = document.createElement("p");
      const name = document.createElement("b");
      name.textContent = data.themes[theme] || theme;
      line.append(name, ": ");
      let at = 0;
      for (const [start, end, strength] of spans) {
        const mark = document.createElement("mark");
        mark.className = "w" + strength;
        mark.textContent = text.slice(start, end).join("");
        line.append(text.slice(at, start).join(""), mark);
        at = end;
      }
      line.append(text.slice(at).join(""));
      reasons.append(line);
    }
    const note = document.createElement("p");
    note.className = "small";
    note.textContent = "Finding " + facets.id + "." + (Object.keys(facets.reasons).length
      ? " Words that spoke most for a theme are marked, the strongest in bold. The percentage beside a theme is the model’s calibrated confidence."
      : "");
    reasons.append(note);
    body.append(reasons);
    item.querySelector(".reasons").append(body);
  }

  // The page in small: the finding in colour, the page's other findings in grey. A4 in points.
  function leaf(facets) {
    const page = facets.boxes[0][0];
    const there = data.findings.filter((f) => f.document === facets.document)
      .flatMap((f) => f.boxes.filter((box) => box[0] === page).map((box) => [box, f === facets]));
    const width = Math.max(595, ...there.map(([box]) => box[3]));
    const height = Math.max(842, ...there.map(([box]) => box[4]));
    const drawing = shape("svg", { class: "leaf " + facets.polarity, viewBox: "0 0 " + width + " " + height,
      role: "img", "aria-label": "Place of the finding on page " + page });
    for (const [[, x0, top, x1, bottom], own] of there)
      drawing.append(shape("rect", { class: own ? "own" : "other", x: x0, y: top, width: x1 - x0, height: bottom - top }));
    return drawing;
  }

  function shape(name, attributes) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  list.addEventListener("toggle", (event) => {
    const part = event.target;
    if (part.open && part.childElementCount === 1) explain(part.closest("li"));
  }, true);

  const changed = () => history.replaceState(null, "", address(apply()));
  let waiting = 0;
  form.addEventListener("change", changed);
  form.addEventListener("input", (event) => {
    if (event.target.name !== "words") return;
    clearTimeout(waiting);
    waiting = setTimeout(changed, 150);
  });
  form.addEventListener("reset", () => setTimeout(changed));
  form.addEventListener("submit", (event) => event.preventDefault());
  more.addEventListener("click", () => {
    const next = chosen[shown];
    shown += STEP;
    draw();
    node(next).focus();
  });
  breakdown.addEventListener("toggle", () => { if (breakdown.open) tabulate(Number(breakdown.dataset.units)); });
  document.getElementById("save").addEventListener("click", save);
  document.getElementById("print").addEventListener("click", printSelection);
  window.addEventListener("hashchange", follow);
  // A link to where one already is fires no hashchange, but should lead there all the same.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && link.getAttribute("href") === location.hash) follow();
  });
  apply();
  follow();
})();
