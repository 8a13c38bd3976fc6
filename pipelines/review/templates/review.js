"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const token = document.querySelector("meta[name=token]").content;
  const list = $("list"), order = $("order"), who = $("who");
  let card = null, busy = false, opened = "";

  const say = (text) => { $("status").textContent = text; };
  const complain = (text) => { $("problem").textContent = text; };

  let asking = new AbortController();  // of reasons, which a next question no longer wants

  async function ask(path, body, signal) {
    const options = body
      ? { method: "POST", headers: { "content-type": "application/json", "x-findings-token": token }, body: JSON.stringify(body) }
      : { signal };
    let response;
    try {
      response = await fetch(path, options);
    } catch (error) {
      throw new Error((body ? "Not saved: the" : "The") + " server has stopped. Start findings review again; all answers before this " + (body ? "one " : "") + "are kept.");
    }
    const told = await response.json();
    if (!response.ok) throw new Error(told.error || "Refused.");
    return told;
  }

  // Nothing is shown as done before it is on the disk.
  async function work(what) {
    if (busy) return;
    busy = true;
    document.querySelectorAll("button").forEach((button) => { button.disabled = true; });
    try {
      complain("");
      await what();
    } catch (error) {
      complain(error.message);
    } finally {
      busy = false;
      document.querySelectorAll("button").forEach((button) => { button.disabled = false; });
    }
  }

  const unique = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (n) => n.toString(16).padStart(2, "0")).join("");
  let id = unique();
  const base = () => ({ who: who.value, order: order.value, row: card.row, level: card.level, slug: card.slug, resolves: card.resolves, id });
  const percent = (share) => Math.round(100 * share);

  async function next() {
    const query = new URLSearchParams({ who: who.value, order: order.value });
    show(await ask("/next?" + query));
  }

  function show(told) {
    card = told.card;
    id = unique();
    const at = told.progress;
    const more = at.questions === null ? ", and no question brings it to " + percent(at.target) + " %" : at.questions === 0
      ? ", the target of " + percent(at.target) + " % is reached"
      : ", about " + at.questions + " more " + (at.questions === 1 ? "question" : "questions") + " to " + percent(at.target) + " %";
    const sentence = (text) => text && text[0].toUpperCase() + text.slice(1) + (/[.?!]$/.test(text) ? "" : ".");
    $("progress").textContent = (at.of === "issue" ? "Issues settled to " : "Table settled to ") + percent(at.settled) + " %" + more + ", reckoning with " + percent(at.wrong) + " wrong answers in 100. You answered " + at.mine + "; answers on " + at.answered + " of " + at.findings + " findings.";
    $("bar").value = at.settled;
    if (told.damaged.length) complain("Some lines of the store cannot be read and are passed over: " + told.damaged.join("; "));
    $("question").hidden = card === null;
    $("done").hidden = card !== null;
    if (card === null) return;
    if (opened && opened !== card.finding) $("page").open = false;
    opened = card.finding;
    $("asked").textContent = !card.slug ? "Which themes does this finding make a claim about?"
      : card.level === "theme" ? "Is this about " + card.asked.name + "?" : "Does this state: " + card.asked.name + "?";
    $("claim").textContent = [sentence(card.asked.claim), card.asked.excludes && "Not: " + card.asked.excludes + "."].filter(Boolean).join(" ");
    $("others").textContent = card.said.join("; ");
    $("place").textContent = [card.side, ...card.place].join(" · ");
    marked($("text"), card.text, card.marks);
    asking.abort();
    asking = new AbortController();
    if (card.slug && !card.marks.length) why(card);
    $("before").textContent = card.before && "Before: " + card.before;
    $("after").textContent = card.after && "After: " + card.after;
    $("near").hidden = !card.before && !card.after;
    const listed = $("edits") && Array.from($("issue").options).find((option) => option.value === card.issue);
    if (listed) { listed.selected = true; editing(); }
    $("page").hidden = !card.picture;
    $("picture").replaceChildren();
    if ($("page").open) draw();
    $("memos").replaceChildren(...card.memos.map((text) => { const item = document.createElement("li"); item.textContent = text; return item; }));
    ticks();
    listing(!card.slug);
    $("question").focus({ preventScroll: true });
  }

  async function why(asked) {
    const query = new URLSearchParams({ row: asked.row, level: asked.level, slug: asked.slug });
    try {
      const told = await ask("/why?" + query, null, asking.signal);
      if (card === asked) marked($("text"), asked.text, told.marks);
    } catch (error) { /* the question can be answered without */ }
  }

  function marked(place, text, marks) {
    place.replaceChildren();
    const signs = Array.from(text);  // offsets count characters, not units of UTF-16
    let at = 0;
    for (const [start, end] of marks) {
      place.append(signs.slice(at, start).join(""));
      const mark = document.createElement("mark");
      mark.textContent = signs.slice(start, end).join("");
      place.append(mark);
      at = end;
    }
    place.append(signs.slice(at).join(""));
  }

  function ticks() {
    const places = { theme: $("themes"), issue: $("issues"), others: $("others-list") };
    Object.values(places).forEach((place) => place.replaceChildren());
    const blind = order.value === "random";  // who sees the model's tags would agree with them too often
    const options = blind ? [...card.options].sort((one, other) => one.name.localeCompare(other.name)) : card.options;
    $("sorted").textContent = blind ? "by name" : "the likeliest first";
    options.forEach((option, number) => {
      const label = document.createElement("label"), box = document.createElement("input");
      box.type = "checkbox";
      box.value = option.slug;
      box.dataset.level = option.level;
      box.checked = option.given && !blind;
      label.title = option.claim;
      if (option.likely && !blind) label.className = "likely";
      label.append(box, (number < 9 && option.level === "theme" ? (number + 1) + " " : "") + option.name);
      places[option.level === "issue" && (blind || !option.likely) ? "others" : option.level].append(label);
    });
    $("subjects").hidden = !options.some((option) => option.level === "issue");
    $("other-issues").hidden = !$("others-list").children.length;
    $("other-issues").open = !$("subjects").hidden && !$("issues").children.length && blind;
  }

  function listing(open) {
    list.hidden = !open;
    $("answers").hidden = open;
    $("back").hidden = !card.slug;
  }

  const answer = (said) => work(async () => {
    if (!card || !card.slug) return;
    await ask("/answer", { ...base(), answer: said });
    say("Saved: " + said + ".");
    await next();
  });

  const label = () => work(async () => {
    if (!card) return;
    const chosen = { theme: [] };
    if (!$("subjects").hidden) chosen.issue = [];
    list.querySelectorAll("input").forEach((box) => { if (box.checked) chosen[box.dataset.level].push(box.value); });
    if (chosen.theme.length > 4) throw new Error("A finding has four themes at most; take some away.");
    await ask("/label", { ...base(), chosen });
    say("Saved: " + (chosen.theme.length || "no") + (chosen.theme.length === 1 ? " theme." : " themes."));
    await next();
  });

  const undo = () => work(async () => {
    const told = await ask("/undo", { who: who.value });
    if (!told.undone) { say("There is nothing to undo."); return; }
    say(told.card ? "Undone; it is asked again." : "Undone.");
    if (told.card) show(told); else await next();
  });

  const memo = () => work(async () => {
    if (!card) return;
    const on = $("on").value;
    const subject = { theme: card.level === "theme" ? card.slug : "", issue: card.level === "issue" ? card.slug : "", unit: card.unit }[on];
    if (on !== "finding" && !subject) throw new Error("This question is on no " + on + ".");
    await ask("/memo", { ...base(), on, subject, text: $("memo").value });
    say("Memo kept.");
    $("memo").value = "";
  });

  function editing() {
    const what = $("do").value, chosen = $("issue").selectedOptions[0];
    $("named").hidden = what !== "rename";
    $("merged").hidden = what !== "merge";
    if (!chosen) return;
    $("name").value = chosen.textContent;
    $("into").replaceChildren(...Array.from($("issue").options)
      .filter((option) => option !== chosen && option.dataset.side === chosen.dataset.side)
      .map((option) => option.cloneNode(true)));
  }

  const edit = () => work(async () => {
    if (!$("issue").value) throw new Error("The report does not list this issue yet; choose another.");
    await ask("/edit", { who: who.value, do: $("do").value, issue: $("issue").value, into: $("into").value, name: $("name").value });
    say("Edit kept; it shows when tables and report are counted anew.");
  });

  const count = () => work(async () => {
    say("Counting anew …");
    const told = await ask("/count", { who: who.value });
    say("Counted anew." + (told.report ? " The report is at " + told.report : ""));
  });

  async function draw() {
    const image = document.createElement("img");
    image.alt = "The finding on its page, framed";
    image.onerror = () => { $("picture").textContent = "Its page cannot be shown."; };
    image.src = "/picture/" + card.row;
    $("picture").replaceChildren(image);
  }

  document.querySelectorAll("[data-answer]").forEach((button) => button.addEventListener("click", () => answer(button.dataset.answer)));
  $("all").addEventListener("click", () => { listing(true); list.querySelector("input").focus(); });
  $("back").addEventListener("click", () => { listing(false); $("question").focus(); });
  list.addEventListener("submit", (event) => { event.preventDefault(); label(); });
  $("undo").addEventListener("click", undo);
  $("keep").addEventListener("click", memo);
  $("count").addEventListener("click", count);
  if ($("edits")) {
    $("edit").addEventListener("click", edit);
    for (const field of ["issue", "do"]) $(field).addEventListener("change", editing);
    editing();
  }
  $("page").addEventListener("toggle", () => { if ($("page").open && card && !$("picture").children.length) draw(); });
  order.addEventListener("change", () => { sessionStorage.setItem("order", order.value); work(next); });
  who.addEventListener("change", () => { sessionStorage.setItem("who", who.value); work(next); });
  $("keys").addEventListener("change", () => sessionStorage.setItem("keys", $("keys").checked ? "on" : "off"));

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !$("keys").checked) return;
    if (event.repeat) return;  // a key held down must not answer the questions that come after
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;  // with caps lock too
    const field = event.target.closest("textarea, select, input:not([type=checkbox])");
    if (field || !card && key !== "z") return;
    const open = !list.hidden;
    const keys = { y: "yes", n: "no", u: "unsure", s: "skip" };
    if (!open && keys[key]) answer(keys[key]);
    else if (key === "a" && !open) $("all").click();
    else if (key === "z") undo();
    else if (key === "m") { $("notes").open = true; $("memo").focus(); }
    else if (open && /^[1-9]$/.test(key)) { const box = $("themes").querySelectorAll("input")[key - 1]; if (box) box.checked = !box.checked; }
    else if (open && key === "Enter" && event.target.type === "checkbox") label();
    else if (open && key === "Enter" && event.target === $("question")) label();
    else if (key === "Escape" && open && card.slug) $("back").click();
    else return;
    event.preventDefault();
  });

  who.value = sessionStorage.getItem("who") || who.value;
  // An issue by its slug, or a theme that was split, is none of those listed.
  const first = order.dataset.first;
  if (first && ![...order.options].some((one) => one.value === first)) order.add(new Option(first, first), 0);
  order.value = sessionStorage.getItem("order") || order.dataset.first || "settle";
  if (!order.value) order.value = "settle";
  $("keys").checked = sessionStorage.getItem("keys") !== "off";
  work(next);
})();
