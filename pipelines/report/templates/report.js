(() => {
  const batch = JSON.parse(document.getElementById("data").textContent);
  const list = document.getElementById("list");
  const later = document.getElementById("later");
  const nodes = [...list.children];
  const made = nodes.length;
  const sources = later ? later.textContent.split("<!--next-->").slice(1) : [];
  const form = document.getElementById("filters");
  const status = document.getElementById("status");
  const listed = document.getElementById("listed");
  const chips = document.getElementById("chips");
  const more = document.getElementById("more");
  const STEP = 50;
  const OF_FINDINGS = ["standard", "polarity", "theme", "issue", "check", "words"];  // the others choose units
  const carriedAt = new Map(batch.carried.map((facts, i) => [facts.place, i]));
  const anchored = new Map(batch.carried.map((facts) => [facts.anchor, facts.place]));
  let shown = STEP;
  let chosen = [];  // places among all findings
  let texts = null;
  let pictures = null;  // much, and wanted by few readers

  // Findings beyond the first are markup until they are shown; of some a page has no text at all.
  function node(place) {
    const at = carriedAt.get(place);
    if (at === undefined) return null;
    if (!nodes[at]) {
      const holder = document.createElement("template");
      holder.innerHTML = sources[at - made];
      nodes[at] = holder.content.firstElementChild;
    }
    return nodes[at];
  }

  const placeOf = (href) => anchored.get(href.slice(1));
  const unknown = []; // what the address asks for and the form has not
  const selected = () => Object.fromEntries([...new FormData(form)].map(([k, v]) => [k, v.trim()]).filter(([, v]) => v));
  const sections = follower(batch, { node, placeOf, address });

  // A short form is found by what it stands for, and what it stands for by the short form.
  const stands = new Map();
  function worded(item) {
    for (const short of item.querySelectorAll("abbr[title]")) {
      const key = short.textContent.toLocaleLowerCase("en-GB");
      if (!stands.has(key)) stands.set(key, new Set());
      stands.get(key).add(short.title.toLocaleLowerCase("en-GB"));
    }
    const parts = [...item.querySelectorAll(".text, blockquote")];
    return parts.flatMap((part) => [part.textContent, ...[...part.querySelectorAll("abbr[title]")].map((short) => short.title)]).join(" ").toLocaleLowerCase("en-GB");
  }

  function wording(words) {
    const wanted = words.toLocaleLowerCase("en-GB").split(/\s+/).filter(Boolean);
    if (!wanted.length) return null;
    if (!texts) texts = new Map(batch.carried.map(({ place }) => [place, worded(node(place))]));
    const said = (text, word) => text.includes(word) || [...stands.get(word) || []].some((full) => text.includes(full));
    return (place) => texts.has(place) && wanted.every((word) => said(texts.get(place), word));
  }

  function apply() {
    const filter = selected(), picked = choose(batch, filter, wording(filter.words || ""));
    chosen = picked.findings.filter((place) => carriedAt.has(place));
    shown = STEP;
    draw();
    const counts = sections(picked, filter), k = counts.all.units.size, n = counts.total;
    const found = counts.all.findings;
    status.textContent = !found ? (Object.keys(filter).length ? "No finding fits all of these filters." : "No findings were found.")
      : n === 1 ? counted(found, "finding") + " in 1 unit"
      : counted(found, "finding") + " in " + k + " of " + counted(n, "unit") +
        (!Object.keys(filter).length ? ": everything that was read"
          : OF_FINDINGS.some((name) => filter[name]) ? " (" + percent(k / n) + ", 95% interval " + interval(k, n) + ")" : "");
    if (unknown.length) status.textContent += ". Left out of the filter: " + unknown.splice(0).join(", ");
    const hidden = found - chosen.length;
    listed.textContent = counted(found, "finding") + (Object.keys(filter).length ? " in this selection" : "") +
      (hidden ? "; this page holds the text of " + counted(chosen.length, "finding") + ", the run’s tables hold all" : "") + ".";
    mention(filter);
    return filter;
  }

  // Each filter that is set, as a button that takes it off.
  function mention(filter) {
    chips.replaceChildren(...Object.entries(filter).map(([name, value]) => {
      const field = form.elements.namedItem(name), label = field.closest("label").firstChild.textContent;
      const text = field.tagName === "SELECT" ? field.selectedOptions[0].textContent : "“" + value + "”";
      const chip = document.createElement("button");
      chip.type = "button";
      chip.dataset.name = name;
      chip.append(label + ": " + text + " ");
      const cross = document.createElement("span");
      cross.textContent = "×";
      cross.setAttribute("aria-hidden", "true");
      chip.append(cross);
      chip.setAttribute("aria-label", "Remove filter " + label + ": " + text);
      return chip;
    }));
    document.getElementById("clear").hidden = !Object.keys(filter).length;
  }

  function draw() {
    list.replaceChildren(...chosen.slice(0, shown).map(node));
    more.hidden = chosen.length <= shown;
    more.textContent = "Show " + Math.min(STEP, chosen.length - shown) + " more of " + (chosen.length - shown);
  }

  function address(filter) {
    const query = Object.entries(filter).map(([k, v]) => k + "=" + encodeURIComponent(v)).join("&");
    return "#findings?" + query;
  }

  function bring(place) {
    if (!chosen.includes(place)) { form.reset(); apply(); }
    shown = Math.max(shown, chosen.indexOf(place) + 1);
    draw();
    return node(place);
  }

  function reveal(target) {
    for (let part = target; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
    keepClear();
    target.scrollIntoView();
    if (target.hasAttribute("tabindex")) target.focus({ preventScroll: true });
  }

  // An address is an anchor and, after a question mark, a filter; without one the filter stays.
  function follow() {
    const [anchor, query] = location.hash.slice(1).split(/\?(.*)/s);
    if (query !== undefined) {
      form.reset();
      const folded = (text) => text.trim().toLocaleLowerCase("en-GB");
      for (const [name, value] of new URLSearchParams(query)) {
        const field = form.elements.namedItem(name), wanted = folded(batch.earlier[value] || value);
        const option = field && [...field.options || []].find((one) => [one.value, one.text].map(folded).includes(wanted));
        const known = field && (option || !field.options);
        if (known && !field.value) field.value = option ? option.value : value;
        else unknown.push((field ? field.closest("label").firstChild.textContent.trim().toLowerCase() : name) + " “" + value + "” (" +
          (known ? "one of a kind at a time" : "not in this report") + ")");
      }
      apply();
    }
    if (!anchor) return;
    let name = anchor;
    try { name = decodeURIComponent(anchor); } catch { /* a bare % stands for itself */ }
    const target = anchored.has(name) ? bring(anchored.get(name)) : document.getElementById(name);
    if (target) reveal(target);
  }

  function save() {
    // A cell that a spreadsheet would take for a formula gets an apostrophe before it, as `tables.harmless` has it.
    const opens = (text) => batch.formula.includes([...text].find((sign) => !batch.unseen.includes(sign)) || "none");
    const cell = (text) => '"' + (opens(text) ? "'" + text : text).replaceAll('"', '""') + '"';
    const lines = [["finding", "unit", "region", "published", "standard", "polarity", "themes", "page", "text"]];
    const f = batch.findings, kinds = Object.values(batch.polarities);
    for (const i of chosen) {
      const own = batch.carried[carriedAt.get(i)], [unit, region] = batch.documents[f.document[i]];
      lines.push([own.id, batch.units[unit], batch.regions[region], own.published, batch.standards[f.standard[i]] || "", kinds[f.side[i]],
        f.theme[i].map((t) => batch.themes[t][1]).join("; "), own.page, node(i).querySelector(".text").textContent]);
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
    document.body.classList.add("printing");
    window.print();
    document.body.classList.remove("printing");
    shown = before;
    draw();
  }

  // Closed parts would be missing on paper.
  window.addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll(".advice details, details.rest")) part.open = true;
  });

  // Why a finding has its themes, and where it stands: drawn when asked for, as it is much.
  function explain(item) {
    const facets = batch.carried[carriedAt.get(anchored.get(item.id))];
    const body = document.createElement("div");
    body.className = "why";
    if (facets.boxes.length) body.append(leaf(facets));
    pictures ||= JSON.parse(document.getElementById("pictures").textContent);
    const picture = pictures[carriedAt.get(facets.place)];
    const reasons = document.createElement("div");
    const text = [...item.querySelector(".text").textContent];
    for (const [theme, spans] of Object.entries(facets.reasons)) {
      const line = document.createElement("p");
      const name = document.createElement("b");
      name.textContent = (batch.themes.find(([slug]) => slug === theme) || [theme, theme])[1];
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
    if (picture) {
      const image = document.createElement("img");
      image.src = "data:image/png;base64," + picture;
      image.alt = "The finding as it is printed on " + facets.page;
      image.className = "clipping";
      reasons.prepend(image);
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
    const f = batch.findings, own = f.document[facets.place];
    const there = batch.carried.filter(({ place }) => f.document[place] === own)
      .flatMap((one) => one.boxes.filter((box) => box[0] === page).map((box) => [box, one === facets]));
    const width = Math.max(595, ...there.map(([box]) => box[3]));
    const height = Math.max(842, ...there.map(([box]) => box[4]));
    const drawing = shape("svg", { class: "leaf" + (f.side[facets.place] === "1" ? " strength" : ""), viewBox: "0 0 " + width + " " + height,
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

  // The address keeps the filter, so that it can be sent on; the reader stays where they are.
  function changed() {
    const anchor = location.hash.slice(1).split("?")[0] || "selection";
    history.replaceState(null, "", address(apply()).replace("#findings", "#" + anchor));
  }

  let waiting = 0;
  form.addEventListener("change", changed);
  form.addEventListener("input", (event) => {
    if (event.target.name !== "words") return;
    clearTimeout(waiting);
    waiting = setTimeout(changed, 150);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  chips.addEventListener("click", (event) => {
    const chip = event.target.closest("button");
    if (!chip) return;
    form.elements.namedItem(chip.dataset.name).value = "";
    changed();
    document.querySelector("#filter > summary").focus();
  });
  document.getElementById("clear").addEventListener("click", () => {
    form.reset();
    changed();
    document.querySelector("#filter > summary").focus();
  });
  more.addEventListener("click", () => {
    const next = chosen[shown];
    shown += STEP;
    draw();
    node(next).focus();
  });
  document.getElementById("save").addEventListener("click", save);
  document.getElementById("print").addEventListener("click", printSelection);
  window.addEventListener("hashchange", follow);
  // A dot leads to its finding for whoever points at it; for others the table below does.
  document.addEventListener("click", (event) => {
    const dot = event.target.closest("[data-anchor]");
    if (dot) location.hash = dot.dataset.anchor;
  });
  // A link to where one already is fires no hashchange, but should lead there all the same.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && link.getAttribute("href") === location.hash) follow();
  });
  // What an address leads to must not end up under the bar, whose height depends on the filters.
  const bar = document.getElementById("selection");
  function keepClear() {
    if (!document.getElementById("filter").open) document.documentElement.style.scrollPaddingTop = bar.offsetHeight + 16 + "px";
  }
  new ResizeObserver(keepClear).observe(bar);
  apply();
  follow();
})();
