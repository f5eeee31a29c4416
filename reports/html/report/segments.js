// The segments themselves: pages, and one article a segment.

const PAGE_SIZE = 20; // pages, not a scrolling window: find-in-page, keys and print work
const STATUS_OF_VERDICT = {
  p: "preferred", a: "admitted", d: "deprecated", f: "forbidden", o: "other-concept", u: "unresolved", e: "excused",
  w: "waived", v: "waived",
};

// ---- Articles ----------------------------------------------------------------------------------

/** Draws one page of the segments that pass; a segment named in the address decides the page. */
function drawArticles() {
  const list = document.getElementById("articles");
  if (!list) return;
  const found = chosenSegments();
  const pages = Math.max(1, Math.ceil(found.length / PAGE_SIZE));
  const wanted = state.seg === "" ? -1 : found.indexOf(data.place.get(state.seg) ?? -1);
  let page = Math.min(pages, Math.max(1, Number(state.page) || 1));
  if (wanted >= 0) page = 1 + Math.floor(wanted / PAGE_SIZE);
  const shown = found.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);
  list.dataset.count = String(found.length);
  const count = t("count", { n: found.length.toLocaleString("en"), total: data.size.toLocaleString("en") });
  list.replaceChildren(
    shardTable(found),
    pager(page, pages, el("strong", { role: "status", id: "count" }, count)),
    ...(shown.length ? shown.map(data.shards ? pointer : article) : [el("p", { class: "nothing" }, t("empty_list"))]),
    pages > 1 ? pager(page, pages, "") : "",
    el("p", { class: "keys" }, t("keys")));
  if (wanted >= 0) document.getElementById("seg-" + found[wanted])?.classList.add("target");
}

function pager(page, pages, lead) {
  const go = (to) => () => {
    update({ page: String(to), seg: "" });
    document.getElementById("articles").scrollIntoView();
  };
  const steps = pages > 1 ? [
    button(t("previous"), go(page - 1), { class: "quiet previous", disabled: page === 1 }),
    el("span", {}, t("page", { page, pages })),
    button(t("next"), go(page + 1), { class: "quiet next", disabled: page === pages })] : [];
  return el("div", { class: "pager" }, lead, el("span", { class: "steps" }, steps));
}

function article(i) {
  const id = data.segments.ids[i];
  const [home, title] = data.documents[data.segments.documents[i]];
  const link = el("a", { href: address({ ...BLANK, lang: state.lang, view: "segments", seg: id }), title: t("link"), onclick: followSegment(id) },
    isolated(id));
  const place = home || title ? [el("span", { class: "place" }, isolated(title || home))] : [];
  const systems = data.systems.map((_, k) => k).filter(isShown);
  return el("article", { id: "seg-" + i, class: "segment", tabindex: "-1", "aria-label": bare(id) },
    el("header", {}, el("h4", {}, link), place),
    el("div", { class: "pair" },
      el("div", { class: "given" }, sourceCell(i), data.references.map((_, k) => referenceCell(i, k))),
      el("div", { class: "outputs" }, systems.map((k) => outputCell(i, k)))));
}

function followSegment(id) {
  return (event) => {
    event.preventDefault();
    update({ view: "segments", seg: id }, { leave: true });
  };
}

function sourceCell(i) {
  const source = sourceOf(data, i);
  return el("div", { class: "cell source" }, el("h5", {}, t("source")),
    body(source, data.corpus.source, { marks: [...errorMarks(i, null), ...sourceMarks(i)], query: query() }));
}

function query() {
  return state.q.trim().toLowerCase();
}

function referenceCell(i, k) {
  const text = data.systems.length + k;
  return el("div", { class: "cell reference" }, el("h5", {}, nameOf(text)),
    body(textOf(data, i, text), data.corpus.target, { marks: targetMarks(i, text), query: query() }),
    problems(i, text));
}

function outputCell(i, k) {
  const text = textOf(data, i, k);
  const compared = comparedText(i, k);
  const diff = compared === null ? null : difference(text, compared);
  const note = compared !== null && diff === null ? [el("p", { class: "note" }, t("too_long"))] : [];
  const base = data.systems[k] === data.baseline;
  return el("div", { class: base ? "cell output is-baseline" : "cell output", "data-system": data.systems[k] },
    el("div", { class: "cell-head" }, el("h5", {}, isolated(data.systems[k])), scores(i, k)),
    body(text, data.corpus.target, { marks: [...errorMarks(i, k), ...targetMarks(i, k)], diff, query: query() }),
    note, errorLines(i, k), problems(i, k));
}

function scores(i, k) {
  const chosen = metricIndex();
  if (!data.metrics.length) return "";
  const shown = data.metrics.map((metric, m) => `${bare(metric.name)} ${showScore(data, m, scoreOf(data, m, i, k))}`);
  return el("span", { class: "marks", title: shown.join(" · ") },
    el("small", {}, bare(data.metrics[chosen].name)), " ", showScore(data, chosen, scoreOf(data, chosen, i, k)));
}

function body(text, lang, layers) {
  if (text === null) return el("p", { class: "note" }, t("no_text"));
  if (text === "") return el("p", { class: "note empty" }, t("empty_text"));
  return el("p", {}, setText(text, lang, layers));
}

/** Returns the text that an output is compared with, or null. */
function comparedText(i, k) {
  const chosen = state.diff || defaultCompared();
  const number = Number(chosen.slice(1));
  if (chosen[0] === "r" && number < data.references.length) return textOf(data, i, data.systems.length + number);
  if (chosen[0] === "s" && number < data.systems.length && number !== k) return textOf(data, i, number);
  return null;
}

// ---- Errors that measures found ------------------------------------------------------------------

/** Names an error: its measure, how bad it is and what it is called. */
function errorName(n) {
  const [measure, severity, category] = data.errors.kinds[data.errors.kind[n]];
  const word = ["minor", "major", "critical"].includes(severity) ? t("sev_" + severity) : bare(severity);
  return { measure, severity, said: severity ? [word, bare(category)].filter(Boolean).join(", ") : t("unscored") };
}

/** Returns the marks of errors in an output, or, of no system, those in the source. */
function errorMarks(i, k) {
  const { source, system, start, end, note } = data.errors;
  const here = (n) => (k === null ? source[n] && isShown(system[n]) : !source[n] && system[n] === k);
  return (data.errorsOf.get(i) || []).filter((n) => here(n) && end[n] > start[n]).map((n) => {
    const { measure, severity, said } = errorName(n);
    const whose = k === null ? ` (${bare(data.systems[system[n]])})` : "";
    const level = severity === "minor" ? "er-minor" : "er-major";
    return { start: start[n], end: end[n], class: level, title: `${bare(measure)}${whose}: ${said}. ${bare(note[n])}` };
  });
}

/** Says the errors of an output in words: marks alone would not be read aloud. */
function errorLines(i, k) {
  const { source, system, start, end, note } = data.errors;
  const own = (data.errorsOf.get(i) || []).filter((n) => system[n] === k);
  if (!own.length) return [];
  return el("ul", { class: "problems" }, own.map((n) => {
    const { measure, said } = errorName(n);
    const text = source[n] ? sourceOf(data, i) : textOf(data, i, k);
    const words = end[n] > start[n] ? [isolated(text.slice(start[n], end[n])), note[n] ? ": " : ""] : [];
    return el("li", { class: "st-line" }, words, isolated(note[n]), el("em", {}, `${bare(measure)}: ${said}`));
  }));
}

// ---- Terms in texts ----------------------------------------------------------------------------

function sourceMarks(i) {
  if (!data.terms) return [];
  const { sites, concepts } = data.terms;
  return data.sitesOf[i].map((site) => {
    const concept = concepts[sites.concept[site]];
    const title = concept.target.map(([text, status]) => `${bare(text)} (${statusWord(status)})`).join("; ");
    const strong = concept.id === state.concept ? " wanted" : "";
    return { start: sites.start[site], end: sites.end[site], class: "st-source" + strong, title };
  });
}

function targetMarks(i, k) {
  if (!data.terms) return [];
  const { sites, texts, concepts } = data.terms;
  const text = texts[k];
  return data.sitesOf[i].filter((site) => text.row[site] >= 0).map((site) => {
    const row = text.row[site];
    const concept = concepts[sites.concept[site]];
    const status = STATUS_OF_VERDICT[text.verdicts[site]];
    const strong = concept.id === state.concept ? " wanted" : "";
    return {
      start: text.start[row], end: text.end[row], class: `st-${status}${strong}`,
      title: `${bare(concept.source[0] || concept.id)}: ${statusWord(status)}`,
    };
  });
}

/** Says in words what is wrong with the terms of a text: marks alone would not be read aloud. */
function problems(i, k) {
  if (!data.terms) return [];
  const { sites, texts, forms } = data.terms;
  const text = texts[k];
  const wrong = data.sitesOf[i].filter((site) => "dfou".includes(text.verdicts[site]));
  if (!wrong.length) return [];
  return el("ul", { class: "problems" }, wrong.map((site) => {
    const term = sourceOf(data, i).slice(sites.start[site], sites.end[site]);
    const status = STATUS_OF_VERDICT[text.verdicts[site]];
    const form = text.row[site] >= 0 ? [" → ", isolated(forms[text.form[text.row[site]]], data.corpus.target)] : [];
    return el("li", { class: "st-line st-" + status },
      isolated(term, data.corpus.source), form, el("em", {}, statusWord(status)));
  }));
}
