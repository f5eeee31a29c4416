// Terminology: how every text renders every term, and where it switches.

const MOST_SITES = 400;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

// ---- What is known of a term ---------------------------------------------------------------

/** Returns the renderings of a concept over all texts, most frequent first, with their letters. */
function formTable(concept) {
  const table = new Map();
  for (const uses of data.useOf) {
    for (const [form, status, count, unexpanded] of uses.get(concept)?.renderings || []) {
      const entry = table.get(form) || { form, status, count: 0, unexpanded: 0, text: data.terms.forms[form] };
      entry.count += count;
      entry.unexpanded += unexpanded;
      table.set(form, entry);
    }
  }
  for (const uses of data.terms.previous?.uses || []) {
    for (const [form, status, count] of earlier(uses, concept)?.renderings || []) {
      const entry = table.get(form) || { form, status, count: 0, text: data.terms.forms[form] };
      entry.before = (entry.before || 0) + count;
      table.set(form, entry);
    }
  }
  const sorted = [...table.values()].sort((x, y) => y.count - x.count || x.form - y.form);
  sorted.forEach((entry, k) => { entry.letter = LETTERS[k] || "…"; });
  return sorted;
}

/** Returns how many systems have each flag on a concept, and how often it occurs. */
function overview(concept) {
  const flags = {};
  let occurrences = 0;
  data.useOf.forEach((uses, k) => {
    const use = uses.get(concept);
    if (!use) return;
    occurrences = Math.max(occurrences, use.occurrences);
    if (k < data.systems.length) for (const flag of use.flags) flags[flag] = (flags[flag] || 0) + 1;
  });
  const moves = data.terms.previous ? data.terms.previous.uses.map((uses) => earlier(uses, concept)?.chance || "") : [];
  return { flags, occurrences, moves };
}

function termOf(k) {
  const concept = data.terms.concepts[k];
  return concept.source[0] || concept.id;
}

// ---- The list ------------------------------------------------------------------------------

let termQuery = "";
let termDrifting = false;
let termChanged = false;

function drawTerms(box) {
  if (!data.terms || !data.terms.concepts.length) {
    box.replaceChildren(el("p", { class: "lead" }, t("no_terms")));
    return;
  }
  const search = el("input", { type: "search", id: "term-search", oninput: () => { termQuery = search.value; drawTermList(); } });
  search.value = termQuery;
  const only = el("input", { type: "checkbox", id: "term-only", onchange: () => { termDrifting = only.checked; drawTermList(); } });
  only.checked = termDrifting;
  const changed = el("input", { type: "checkbox", id: "term-changed", onchange: () => { termChanged = changed.checked; drawTermList(); } });
  changed.checked = termChanged;
  box.replaceChildren(
    el("p", { class: "lead" }, t("term_help")),
    termColumnsExplained(),
    deliverySection(),
    alikeSection(),
    el("div", { class: "fields terms-found" },
      el("label", { class: "field", for: "term-search" }, el("span", {}, t("term_search")), search),
      el("label", { class: "pick", for: "term-only" }, only, el("span", {}, t("term_only"))),
      data.terms.previous ? el("label", { class: "pick", for: "term-changed" }, changed, el("span", {}, t("term_changed"))) : "",
      el("span", { id: "term-count", role: "status" })),
    statusLegend(),
    el("div", { class: "terms", id: "terms" }));
  drawTermList();
}

function termColumnsExplained() {
  const keys = ["adherence", "consistency", "switches", "distance", ...(data.terms.previous ? ["before"] : [])];
  return el("details", { class: "explain" }, el("summary", {}, t("explain_terms")),
    el("dl", {}, keys.map((key) => el("div", {}, el("dt", {}, t(key)), el("dd", {}, t("explain_" + key))))));
}

function statusLegend() {
  const statuses = ["preferred", "admitted", "deprecated", "forbidden", "other-concept", "unresolved"];
  return el("p", { class: "legend" }, statuses.map((status) =>
    el("span", { class: "key" }, el("span", { class: "site bg-" + status }, status === "unresolved" ? "·" : "A"), " ", statusWord(status))));
}

function drawTermList() {
  const wanted = termQuery.trim().toLowerCase();
  const all = data.terms.concepts.map((concept, k) => ({ concept, k, ...overview(k) }));
  const found = all.filter(({ concept, flags, moves }) => (!termDrifting || flags.drift)
    && (!termChanged || moves.some((move) => move && move !== "same")) && (!wanted || termWords(concept).includes(wanted)));
  found.sort((x, y) => (y.flags.drift || 0) - (x.flags.drift || 0) || y.occurrences - x.occurrences || x.k - y.k);
  document.getElementById("term-count").textContent = t("terms_shown", { n: found.length, total: all.length });
  const opened = state.term || (found[0]?.flags.drift ? found[0].concept.id : "");
  document.getElementById("terms").replaceChildren(...found.map((entry) => termEntry(entry, entry.concept.id === opened)));
}

function termWords(concept) {
  return [concept.id, ...concept.source, ...concept.target.map(([text]) => text)].join("\n").toLowerCase();
}

function termEntry({ concept, k, flags, occurrences, moves }, open) {
  const total = data.systems.length;
  const badges = Object.entries(flags).filter(([flag]) => flag !== "drift").map(([flag, n]) =>
    el("span", { class: "badge bd-" + flag }, t("flag_in", { flag: statusWord(flag), n })));
  const drift = flags.drift
    ? el("span", { class: "badge bd-drift" }, t("drifts_in", { n: flags.drift, total }))
    : el("span", { class: "badge" }, t("steady"));
  const changed = moves.filter((move) => move === "real").length;
  if (changed) badges.push(el("span", { class: "badge bd-changed" }, t("changed_in", { n: changed, total })));
  const details = el("details", { class: "entry" },
    el("summary", {},
      el("span", { class: "term-name" }, isolated(termOf(k), data.corpus.source)),
      el("span", { class: "term-target" }, isolated((concept.target[0] || [""])[0], data.corpus.target)),
      el("span", { class: "badges" }, concept.critical ? el("span", { class: "badge bd-critical" }, t("critical")) : "", drift, badges),
      el("span", { class: "tally" }, t("occurrences", { n: occurrences }))));
  // Drawn when opened: a large termbase opens at once.
  const fill = () => { if (details.open && details.childElementCount === 1) details.append(termBody(concept, k)); };
  details.addEventListener("toggle", fill);
  details.open = open;
  if (open) fill();
  return details;
}

function termBody(concept, k) {
  const table = formTable(k);
  const letters = new Map(table.map((entry) => [entry.form, entry]));
  const rows = data.texts.flatMap((_, text) => [textRow(concept, k, text, letters), earlierRow(k, text, letters)]).filter(Boolean);
  const heads = ["text", "renderings", "order", "adherence", "consistency", "switches", "distance"];
  return el("div", { class: "term-body" },
    el("ul", { class: "forms" }, table.map((entry) => formEntry(concept, entry))),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": bare(termOf(k)) }, el("table", { class: "plain uses" },
      el("thead", {}, el("tr", {}, heads.map((key, n) => el("th", { scope: "col", class: n > 2 ? "num" : "" }, t(key))))),
      el("tbody", {}, rows))));
}

function formEntry(concept, entry) {
  const note = concept.target.find(([text]) => text === entry.text)?.[2];
  const label = t("show_form", { term: bare(termOf(data.terms.concepts.indexOf(concept))), form: bare(entry.text) });
  return el("li", {},
    button([el("span", { class: "site bg-" + entry.status, "aria-hidden": "true" }, entry.letter), " ", isolated(entry.text, data.corpus.target),
      el("small", {}, ` ${entry.count} · ${statusWord(entry.status)}${entry.before ? ` · ${t("before")} ${entry.before}` : ""}`)],
    () => showForm(concept.id, entry.text, ""), { class: "form", title: label }),
    note ? el("small", { class: "form-note" }, isolated(note)) : "",
    reasonOf(entry));
}

/** Says why a rendering counts as it does, where its status does not say it. */
function reasonOf(entry) {
  const owner = entry.status === "other-concept" ? data.terms.owners[entry.form] : "";
  if (owner) return el("small", { class: "form-note" }, t("owned_by"), " ", isolated(owner, data.corpus.source));
  return entry.unexpanded ? el("small", { class: "form-note" }, t("before_expansion", { n: entry.unexpanded })) : "";
}

function showForm(concept, form, on) {
  const sys = on !== "" && Number(on) < data.systems.length && !isShown(Number(on))
    ? [...(state.sys || data.shown), data.systems[Number(on)]] : state.sys;
  update({ ...pick(BLANK, FILTERS), view: "segments", concept, form, on, sys, page: "1", seg: "" }, { leave: true });
  window.scrollTo(0, 0);
}

// ---- One text ------------------------------------------------------------------------------

function textRow(concept, k, text, letters) {
  const use = data.useOf[text].get(k);
  if (!use) return null;
  const share = (name) => {
    const value = use.measures[name];
    return el("td", { class: "num", "data-label": t(name) }, value === null ? "–" : `${(100 * value).toFixed(0)} %`);
  };
  const drifts = use.flags.includes("drift");
  return el("tr", { class: data.texts[text].reference ? "is-reference" : "" },
    el("th", { scope: "row" }, el("bdi", {}, nameOf(text)), drifts ? el("span", { class: "badge bd-drift" }, t("drift")) : ""),
    el("td", { class: "bar-cell" }, bar(concept, text, use, letters)),
    el("td", { class: "strip-cell" }, strip(k, text, letters)),
    share("adherence"), share("consistency"), share("switches"), distance(use));
}

/** Says how far a text's renderings are from the reference's, and what that is worth. */
function distance({ distance: far, q, chance }) {
  const shown = far === null || far === undefined ? "–" : far.toFixed(2);
  const words = chance && chance !== "same" ? t("drift_" + chance) : "";
  const title = q === null ? t("distance_help") : t("drift_q", { distance: shown, words, q: q.toFixed(3) });
  return el("td", { class: chance === "real" ? "num far" : "num", "data-label": t("distance"), title },
    shown, words ? el("span", { class: "sub" }, words) : "");
}

/** Draws the renderings of one text as a stacked bar; each part leads to its segments. */
function bar(concept, text, use, letters) {
  const parts = use.renderings.map(([form, status, count]) =>
    part(letters.get(form).letter, status, count, t("show_form_in", {
      name: nameOf(text), form: bare(data.terms.forms[form]), n: count, status: statusWord(status),
    }), () => showForm(concept.id, data.terms.forms[form], String(text))));
  const missing = use.occurrences - use.resolved;
  if (missing) {
    parts.push(part("·", "unresolved", missing, t("show_form_in", {
      name: nameOf(text), form: "–", n: missing, status: statusWord("unresolved"),
    }), () => showForm(concept.id, "-", String(text))));
  }
  return el("div", { class: "bar" }, parts);
}

function part(letter, status, count, label, onclick) {
  const node = button([letter, el("small", {}, ` ${count}`)], onclick, {
    class: "part bg-" + status, title: label, "aria-label": `${letter} ${count} – ${label}`, // what is seen is said, too
  });
  node.style.flexGrow = String(count);
  return node;
}

/** Draws every occurrence in document order; a gap is a new document. */
function strip(concept, text, letters) {
  const { sites, texts, forms } = data.terms;
  const found = [];
  sites.concept.forEach((c, site) => { if (c === concept && texts[text].verdicts[site] !== "-") found.push(site); });
  let last = -1;
  const cells = found.slice(0, MOST_SITES).map((site) => {
    const column = texts[text];
    const status = STATUS_OF_VERDICT[column.verdicts[site]];
    const form = column.row[site] >= 0 ? column.form[column.row[site]] : -1;
    const segment = sites.segment[site];
    const home = data.segments.documents[segment];
    const gap = last >= 0 && home !== last ? " gap" : "";
    last = home;
    const what = form >= 0 ? `${bare(forms[form])}, ${statusWord(status)}` : statusWord(status);
    const label = t("site", { segment: bare(data.segments.ids[segment]), what });
    return el("a", {
      class: `site bg-${status}${gap}`, title: label, "aria-label": label,
      href: address({ ...BLANK, lang: state.lang, view: "segments", seg: data.segments.ids[segment] }),
      onclick: (event) => { event.preventDefault(); showSite(segment, text); },
    }, form >= 0 ? letters.get(form).letter : "·");
  });
  const rest = found.length - cells.length;
  return el("div", { class: "strip" }, cells, rest > 0 ? el("small", {}, t("more_sites", { n: rest })) : "");
}

function showSite(segment, text) {
  const sys = text < data.systems.length && !isShown(text) ? [...(state.sys || data.shown), data.systems[text]] : state.sys;
  update({ ...pick(BLANK, FILTERS), sort: "", view: "segments", seg: data.segments.ids[segment], sys }, { leave: true });
}
