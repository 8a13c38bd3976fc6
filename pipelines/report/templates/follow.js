// The sections follow the filter: what Python counted for the whole batch is kept as it came and
// put back when the filter is cleared; under a filter a copy of it gets the selection's counts.

function follower(batch, page) {
  const SIDES = ["area_for_improvement", "strength"], WORDS = ["an area for improvement", "a strength"];
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const themeNumber = new Map(batch.themes.map(([slug], i) => [slug, i]));
  const number = { unit: new Map(batch.units.map((name, i) => [name, i])), region: new Map(batch.regions.map((name, i) => [name, i])) };
  const documentNumber = new Map(batch.documentIds.map((name, i) => [name, i]));
  const issueNumber = new Map(batch.issues.map((name, i) => [name, i]));
  const kept = all("[data-follow]").map((element) => ({ element, pristine: element.cloneNode(true) }));
  const DRAW = {};
  let before = false;
  const said = (count, total) => count.units.size + " of " + total;
  const reach = (count, total) => interval(count.units.size, total);

  function make(tag, text, to = {}) {
    const made = document.createElement(tag);
    Object.assign(made, to);
    made.append(text);
    return made;
  }

  // A link to findings of the selection, narrowed further.
  const lead = (text, filter, more) => make("a", text, { href: page.address({ ...filter, ...more }) });

  function aim(link, text, filter, more) {
    link.textContent = text;
    link.setAttribute("href", page.address({ ...filter, ...more }));
  }

  // Put into a cell a number that leads to its findings; the bare number where there are none.
  function put(cell, text, findings, filter, more) {
    cell.replaceChildren(findings ? lead(text, filter, more) : text);
  }

  const widest = (side) => (a, b) => b.count[side].units.size - a.count[side].units.size || b.count[side].findings - a.count[side].findings;
  const doubtful = (count) => count.units.size > count.sure.size;

  // The issues of a list as `patterns.gather_issues` has them: the catalogue's first, by sure units.
  function surest(list, now) {
    const none = { units: new Set(), sure: new Set(), findings: 0 };
    const items = all("li[data-issue]", list).map((item) => ({ item, issue: issueNumber.get(item.dataset.issue), isNew: "new" in item.dataset }));
    for (const one of items) one.count = now.counts.issues.get(one.issue) || none;
    return items.sort((a, b) => a.isNew - b.isNew || b.count.sure.size - a.count.sure.size || b.count.units.size - a.count.units.size || b.count.findings - a.count.findings);
  }

  const mainSide = (now) => (now.sides[0] ? 0 : 1);
  const LEFT_OUT = "not chosen";
  const QUOTED = 12; // issues of a side that are shown at once, with findings; the rest are folded

  function themeRows(body, now) {
    const rows = all("tr[data-theme]", body).map((row) => ({ row, slug: row.dataset.theme, count: now.counts.themes[themeNumber.get(row.dataset.theme)] }));
    rows.sort(widest(mainSide(now)));
    for (const { row, count } of rows) row.hidden = !count[0].findings && !count[1].findings;
    body.append(...rows.map(({ row }) => row));
    return rows;
  }

  DRAW.bars = (body, now) => {
    for (const { row, slug, count } of themeRows(body, now)) SIDES.forEach((polarity, side) => {
      const cell = row.querySelector("td." + (side ? "strength" : "area")), k = count[side].units.size, n = now.counts.total;
      const bar = cell.querySelector(".bar").style, [low, high] = wilson(k, n);
      cell.querySelector(".bar").hidden = !now.sides[side];
      if (!now.sides[side]) { put(cell.querySelector(".n"), LEFT_OUT, 0); return; }
      put(cell.querySelector(".n"), said(count[side], n) + " (" + count[side].findings + ")", count[side].findings, now.filter, { theme: slug, polarity });
      bar.setProperty("--w", bar.getPropertyValue("--v"));
      for (const [name, value] of [["--v", k / n], ["--l", low], ["--u", high]]) bar.setProperty(name, value.toFixed(4));
    });
  };

  // What the numbers under this filter are not.
  DRAW.limits = (box, now) => {
    const { theme, polarity, issue } = now.filter, said = [];
    if (!now.sides[0] && !now.sides[1]) said.push("The filter asks for one side and for an issue of the other.");
    else if (!now.sides[0] || !now.sides[1]) said.push("The filter takes only " + (now.sides[0] ? "areas for improvement" : "strengths") +
      "; the other side is not chosen, which does not mean that there is none.");
    if (theme) said.push("Other themes, and issues, count only where a finding on " + batch.themes[themeNumber.get(theme)][1] + " has them too.");
    if (issue && !polarity) said.push("Themes count only where a finding of the issue has them.");
    box.textContent = said.join(" ");
    box.hidden = !said.length;
  };

  DRAW.numbers = (body, now) => {
    for (const { row, slug, count } of themeRows(body, now)) SIDES.forEach((polarity, side) => {
      const cells = [...row.cells].slice(1 + 4 * side, 5 + 4 * side), n = now.counts.total, one = count[side];
      if (!now.sides[side]) { cells.forEach((cell) => cell.replaceChildren(LEFT_OUT)); return; }
      put(cells[0], said(one, n), one.findings, now.filter, { theme: slug, polarity });
      [percent(one.units.size / n), reach(one, n), String(one.findings)].forEach((text, i) => { cells[1 + i].textContent = text; });
    });
  };

  DRAW.heat = (table, now) => {
    const side = Number(table.dataset.side), kind = table.dataset.kind, across = all("thead th[data-key]", table);
    const inside = (name) => kind !== "unit" || now.chosen.units.has(number.unit.get(name));
    const own = (group) => `${side} ${kind} ${number[kind].get(group)}`, key = (theme, group) => `${themeNumber.get(theme)} ${own(group)}`;
    if (!now.counts.sides[side].findings) {
      const name = side ? "strengths" : "areas for improvement";
      table.querySelector("caption").textContent = now.sides[side] ? "There are no " + name + " in this selection." : name[0].toUpperCase() + name.slice(1) + " are not chosen by the filter.";
      all("thead, tbody", table).forEach((part) => part.remove());
      return;
    }
    const flat = table.dataset.down === "theme", rows = all("tbody tr[data-key]", table);
    for (const head of kind === "unit" ? flat ? across : rows.map((row) => row.cells[0]) : []) {
      const name = head.dataset.key || head.parentElement.dataset.key, own = number.unit.get(name);
      const reports = batch.documents.filter(([unit], i) => unit === own && now.chosen.documents[i]).length;
      (head.querySelector("a") || head).textContent = name + (reports > 1 ? " (" + reports + " reports)" : "");
    }
    const { cells, wholes } = now.counts;
    let highest = 1, largest = 0;
    for (const [name, n] of cells) {
      const [, of, what] = name.split(" ");
      if (of !== String(side) || what !== kind) continue;
      highest = Math.max(highest, n);
      largest = Math.max(largest, n / wholes.get(name.slice(name.indexOf(" ") + 1)));
    }
    const found = (theme) => now.counts.themes[themeNumber.get(theme)][side].findings > 0;
    const shown = across.map((head) => (flat ? inside : found)(head.dataset.key));
    across.forEach((head, i) => { head.hidden = !shown[i]; });
    for (const head of all("thead th[data-region]", table)) {
      const own = across.filter((part) => part.dataset.in === head.dataset.region && !part.hidden).length;
      head.hidden = !own;
      head.colSpan = Math.max(1, own);
    }
    for (const row of rows) {
      row.hidden = !(flat ? found : inside)(row.dataset.key);
      if (row.hidden) continue;
      [...row.querySelectorAll("td")].forEach((cell, i) => {
        const [theme, group] = flat ? [row.dataset.key, across[i].dataset.key] : [across[i].dataset.key, row.dataset.key];
        const n = cells.get(key(theme, group)) || 0, share = n / (wholes.get(own(group)) || 1);
        cell.hidden = !shown[i];
        cell.className = n ? (side ? "strength h" : "area h") + Math.min(4, 1 + Math.floor((n - 1) * 4 / Math.max(highest, 4))) +
          " p" + Math.ceil(4 * share / largest - 1e-9) : "";
        cell.replaceChildren();
        if (!n) return;
        const link = lead("", now.filter, { theme, [kind]: group, polarity: SIDES[side] });
        link.append(make("span", n, { className: "number" }), make("span", percent(share), { className: "share" }));
        link.setAttribute("aria-label", counted(n, "finding") + ", " + percent(share));
        cell.append(link);
      });
    }
    for (const row of all("tbody tr[data-region]", table))
      row.hidden = !rows.some((part) => part.dataset.in === row.dataset.region && !part.hidden);
  };

  // Quotations of the selection only; where few are left, others of the selection stand in.
  function quote(box, places, room, before = null) {
    const left = new Set(places);
    let shown = 0;
    for (const old of all("blockquote.evidence", box)) {
      const place = page.placeOf(old.querySelector("a").getAttribute("href"));
      old.hidden = !left.delete(place);
      shown += !old.hidden;
    }
    for (const place of [...left].filter(page.node).slice(0, Math.max(0, room - shown))) {
      const item = page.node(place), words = make("p", ""), block = make("blockquote", words, { className: "evidence" });
      words.append(...item.querySelector(".text").cloneNode(true).childNodes);
      const where = all(".meta > span:not(.side)", item).map((part) => part.firstChild.textContent).join(", ");
      block.append(make("footer", make("a", where, { href: "#" + item.id })));
      box.insertBefore(block, before);
    }
  }

  DRAW.issues = (list, now) => {
    const side = Number(list.dataset.side), f = batch.findings;
    const items = surest(list, now);
    items.forEach(({ item, issue, isNew, count: one }, rank) => {
      item.hidden = !one.findings;
      if (item.hidden) return;
      const n = now.counts.total, [name] = item.dataset.issue.split("/"), opposite = !isNew && now.counts.issues.get(issueNumber.get(name + "/" + SIDES[1 - side]));
      aim(item.querySelector("a.n"), counted(one.findings, "finding") + " in " + said(one, n) + " units", now.filter, { issue: item.dataset.issue });
      const own = now.chosen.findings.filter((i) => f.issue[i].includes(issue));
      const years = own.map((i) => batch.years[batch.documents[f.document[i]][3]]).filter(Boolean).sort();
      item.querySelector(".reach").textContent = ["95% interval " + reach(one, n), ...(doubtful(one) && !isNew ? ["sure in " + (one.sure.size ? counted(one.sure.size, "unit") : "none")] : []),
        ...(opposite ? [["a strength in ", "to be improved in "][side] + opposite.units.size] : []), ...(years.length ? ["found " + [...new Set([years[0], years.at(-1)])].join(" to ")] : [])].join("; ");
      const sure = (i) => f.issue[i].indexOf(issue) < f.sureIssues[i];
      quote(item, rank < QUOTED ? own.sort((a, b) => sure(b) - sure(a)) : [], 2);
    });
    const [first, rest] = all("ol.issues", list), found = items.filter(({ item }) => !item.hidden).length;
    first.append(...items.slice(0, QUOTED).map(({ item }) => item));
    if (!rest) return;
    rest.append(...items.slice(QUOTED).map(({ item }) => item));
    rest.closest("details").hidden = found <= QUOTED;
    rest.closest("details").querySelector("summary").textContent = (found - QUOTED).toLocaleString("en-GB") + " more";
  };

  DRAW.theme = (article, now) => {
    const theme = themeNumber.get(article.dataset.theme), count = now.counts.themes[theme], f = batch.findings, n = now.counts.total;
    article.hidden = !count[0].findings && !count[1].findings;
    if (article.hidden) return;
    const line = make("p", "In this selection: ", { className: "now" });
    SIDES.forEach((polarity, side) => {
      if (!now.sides[side]) return;
      const one = count[side];
      line.append(side && now.sides[0] ? "; " : "", WORDS[side] + " in " + said(one, n) + " units, 95% interval " + reach(one, n) + " (",
        one.findings ? lead(counted(one.findings, "finding"), now.filter, { theme: article.dataset.theme, polarity }) : "0 findings", ")");
    });
    line.append(".");
    article.querySelector("h3").after(line);
    for (const box of all(".sides > div", article)) {
      const side = box.classList.contains("strength") ? 1 : 0, more = box.querySelector("p.more");
      box.hidden = !count[side].findings;
      quote(box, now.chosen.findings.filter((i) => f.side[i] === String(side) && f.theme[i].includes(theme)), 2, more);
      if (more) aim(more.querySelector("a"), "All " + counted(count[side].findings, "finding") + " in this selection", now.filter, { theme: article.dataset.theme, polarity: SIDES[side] });
    }
  };

  DRAW.summary = (box, now) => {
    const { counts, filter } = now, list = make("ul", "", { className: "summary" }), n = counts.total;
    const line = (...parts) => { const item = make("li", ""); item.append(...parts); list.append(item); };
    const kinds = [["area for improvement", "areas for improvement"], ["strength", "strengths"]];
    const own = (side) => lead(counted(counts.sides[side].findings, ...kinds[side]), filter, { polarity: SIDES[side] });
    const where = " in " + said(counts.all, n) + (n === 1 ? " unit" : " units");
    const bare = now.chosen.findings.filter((i) => !batch.findings.theme[i].length).length;
    const end = bare ? "; " + bare.toLocaleString("en-GB") + (bare === 1 ? " has" : " have") + " no theme." : ".";
    if (now.sides[0] && now.sides[1]) line(lead(counted(counts.all.findings, "finding"), filter), where + ": ", own(1), " and ", own(0), end);
    else line(own(mainSide(now)), where + end);
    for (const box of all("[data-follow=issues]")) {
      const side = Number(box.dataset.side), found = surest(box, now).filter(({ count }) => count.findings), one = found.length === 1;
      if (!found.length) continue;
      const what = [one ? " that needs improvement" : " that need improvement", one ? " that is a strength" : " that are strengths"][side];
      line(make("a", counted(found.length, "issue"), { href: "#issues" }), what + (one ? " and recurs in the batch is found here" : " and recur in the batch are found here"),
        ...(n === 1 ? [] : found.slice(0, 3).flatMap(({ item, issue, count, isNew }, i, { length }) => [
          i ? (i === length - 1 ? " and “" : ", “") : "; the widest by sure findings " + (one ? "is “" : "are “"),
          make("a", item.querySelector("b").textContent, { href: "#" + item.id }), "” (", lead(said(count, n) + " units", filter, { issue: batch.issues[issue] }),
          doubtful(count) && !isNew ? ", " + (count.sure.size || "none") + " of them sure)" : ")"])), ".");
    }
    SIDES.forEach((polarity, side) => {
      const parts = leading(batch.themes.map(([slug, name], i) => ({ slug, name, count: counts.themes[i][side] })));
      if (parts) line((n === 1 ? "Most frequent as " : "Most widespread as ") + WORDS[side], ...parts, ".");

      // As `report.leading` has it: by sure findings, and what is level leads nothing.
      function leading(themes) {
        const found = themes.filter(({ count }) => count.sure.size).sort((a, b) => b.count.sure.size - a.count.sure.size || b.count.findings - a.count.findings || (a.name < b.name ? -1 : 1));
        if (!found.length) return null;
        const name = (theme) => make("a", theme.name, { href: "#theme-" + theme.slug });
        const own = (theme, text) => lead(text, filter, { theme: theme.slug, polarity });
        const [first] = found, top = first.count.sure.size, level = found.filter(({ count }) => count.sure.size === top);
        const units = " in " + top + " of " + n + " units", sure = "95% interval " + interval(top, n);
        const named = (shown, number) => shown.flatMap((theme, i) => [i ? (i === number - 1 ? " and " : ", ") : "", name(theme), " (", own(theme, counted(theme.count.findings, "finding")), ")"]);
        if (n === 1) {
          const most = found.slice(0, 3).filter(({ count }) => count.findings > (found[3] ? found[3].count.findings : 0));
          return most.length ? [": ", ...named(most, most.length)] : null;
        }
        if (level.length > 1) return [": ", level.length + " themes, each" + units + (found.some(({ count }) => doubtful(count)) ? " by sure findings" : "") + " (" + sure + " for each): ",
          ...named(level.slice(0, 3), level.length), level.length > 3 ? " and " + (level.length - 3) + " more" : ""];
        const others = found.slice(1, 3).flatMap((theme, i) => [i ? " and " : "; next ", name(theme), " (", own(theme, said(theme.count, n)),
          doubtful(theme.count) ? ", " + theme.count.sure.size + " of them sure)" : ")"]);
        // The chart counts the others too, and may have another order.
        const shown = found.slice(0, 3), fewest = Math.min(...shown.map(({ count }) => count.units.size));
        const otherwise = themes.some((theme) => !shown.includes(theme) && theme.count.units.size > fewest);
        return [otherwise ? " by sure findings: " : ": ", name(first), units + " (" + sure + (doubtful(first.count) ? "; " + first.count.units.size + " with those that are less sure" : "") + "), in ",
          own(first, counted(first.count.findings, "finding")), ...others];
      }
    });
    box.querySelector(".here").replaceChildren(list);
    box.hidden = false;
  };

  // What belongs to a unit or an inspection outside the selection, or is about another theme, is
  // hidden, not recounted.
  DRAW.inside = (box, now) => {
    for (const part of all("[data-unit]", box)) part.hidden = !now.chosen.units.has(number.unit.get(part.dataset.unit));
    for (const part of all("[data-document]", box)) {
      const about = part.dataset.themes, inside = now.chosen.documents[documentNumber.get(part.dataset.document)];
      part.hidden = !inside || (about !== undefined && now.filter.theme !== undefined && !about.split(" ").includes(now.filter.theme));
    }
    for (const row of all("[data-dotted]", box)) row.hidden = all("[data-document]", row).every((dot) => dot.hidden);
    for (const part of all("[data-group]", box)) {
      const left = all("[data-document]", part).filter((item) => !item.hidden).length;
      part.hidden = !left;
      if (part.dataset.group) part.querySelector("summary").textContent = part.dataset.group + ": " + counted(left, "recommendation");
    }
  };

  DRAW.findings = (box, now) => {
    const left = new Set(now.chosen.findings);
    for (const row of all("tr[data-finding]", box)) row.hidden = !left.has(page.placeOf(row.querySelector("a[href^='#f-']").getAttribute("href")));
    for (const dot of all("[data-anchor]", box)) dot.hidden = !left.has(page.placeOf("#" + dot.dataset.anchor));
    for (const row of all("[data-dotted]", box)) row.hidden = all("[data-anchor]", row).every((dot) => dot.hidden);
  };

  // Tables, lists and headings of which the filter leaves nothing go, and a sentence says so.
  const THINGS = "table, ol, ul, dl, article, svg.drawing";
  const things = (part) => (part.matches(THINGS) ? [part] : all(THINGS, part));
  const there = (part) => !part.closest("[hidden], [data-left-out]");
  const gone = (parts) => parts.length > 0 && !parts.some(there);
  const leave = (...parts) => parts.forEach((part) => part.setAttribute("data-left-out", ""));
  const followed = all("main > section").filter((part) => part.querySelector("[data-follow]:not([data-follow=summary])"));

  function below(head) {
    const found = [];
    for (let next = head.nextElementSibling; next && !(/^H[234]$/.test(next.tagName) && next.tagName <= head.tagName); next = next.nextElementSibling) found.push(next);
    return found;
  }

  function tidy(section) {
    for (const table of all("table", section)) if (gone(all("tbody tr", table))) leave(table.closest(".wide") || table);
    for (const list of all("ol, ul, dl", section)) if (gone([...list.children])) leave(list);
    for (const figure of all("figure", section)) if (gone(all("tr[data-finding]", figure))) leave(figure);
    for (const part of all("details", section)) if (gone(things(part))) leave(part);
    for (const head of [...all("h4", section), ...all("h3", section)]) if (gone(below(head).flatMap(things))) leave(head, ...below(head));
    const left = things(section).some(there), title = section.querySelector("h2");
    if (!left) leave(...[...section.children].filter((part) => part !== title));
    else if (!section.querySelector("[data-left-out]")) return;
    title.after(make("p", left ? "Tables and lists of which the filter leaves nothing are not shown." : "Nothing here fits the filter.", { className: "none leaving" }));
  }

  return (chosen, filter) => {
    const filtered = Object.keys(filter).length > 0;
    const now = { chosen, filter, counts: tally(batch, chosen), sides: sidesLeft(batch, filter) };
    document.body.classList.toggle("filtered", filtered);
    for (const part of all(".leaving")) part.remove();
    for (const part of all("[data-left-out]")) part.removeAttribute("data-left-out");
    for (const { element, pristine } of filtered || before ? kept : []) {
      const fresh = pristine.cloneNode(true);
      const open = all("details", element).map((part) => part.open);
      element.replaceChildren(...fresh.childNodes);
      all("details", element).forEach((part, i) => { if (open[i] !== undefined) part.open = open[i]; });
      element.hidden = pristine.hidden;
      if (filtered) DRAW[element.dataset.follow](element, now);
    }
    if (filtered) followed.forEach(tidy);
    before = filtered;
    return now.counts;
  };
}
