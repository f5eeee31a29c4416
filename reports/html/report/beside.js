// Terminology beside the distributions: the last delivery, and terms that are rendered alike.

const ALIKE_SHOWN = 6; // more than that stay folded

// ---- The last delivery --------------------------------------------------------------------------

/** Returns how a system rendered a concept in the earlier delivery, or null. */
function earlier(uses, concept) {
  const found = uses[concept];
  if (!found) return null;
  const [occurrences, resolved, renderings, distance, chance, q] = found;
  return { occurrences, resolved, renderings, distance, chance, q };
}

const MOVES = ["real", "chance", "few", "same"];

/** Counts, for every system, how many terms changed since the last delivery, and by how much. */
function deliverySection() {
  const { previous } = data.terms;
  if (!previous) return "";
  const [shared, gone, added] = previous.documents;
  const rows = data.systems.map((name, k) => {
    if (previous.was[k] === null) return "";
    const moves = Object.keys(previous.uses[k]).map((concept) => earlier(previous.uses[k], concept).chance);
    const then = previous.was[k] === name ? "" : el("small", {}, " ", t("before_as", { name: bare(previous.was[k]) }));
    return el("tr", {}, el("th", { scope: "row" }, isolated(name), then), MOVES.map((move) => {
      const n = moves.filter((found) => found === move).length;
      return el("td", { class: move === "real" && n ? "num far" : "num" }, String(n));
    }));
  });
  return el("section", { class: "beside" },
    el("h3", {}, t("before_title")),
    el("p", { class: "lead" }, t("before_lead", { name: bare(previous.name), shared, gone, added })),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("before_title") }, el("table", { class: "plain moves" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("system")),
        MOVES.map((move) => el("th", { scope: "col", class: "num" }, t("moved_" + move))))),
      el("tbody", {}, rows))));
}

/** Sets one system's renderings of a term in the earlier delivery under those of this one. */
function earlierRow(concept, text, letters) {
  const uses = data.terms.previous?.uses[text];
  const use = uses && earlier(uses, concept);
  if (!use) return null;
  const named = (form) => bare(data.terms.forms[form]);
  const parts = use.renderings.map(([form, status, count]) =>
    earlierPart(letters.get(form).letter, status, count, `${named(form)}, ${statusWord(status)}: ${count}`));
  const missing = use.occurrences - use.resolved;
  if (missing) parts.push(earlierPart("·", "unresolved", missing, `${statusWord("unresolved")}: ${missing}`));
  return el("tr", { class: "earlier" },
    el("th", { scope: "row" }, t("before"), " ", el("span", { class: "unseen" }, nameOf(text))),
    el("td", { class: "bar-cell" }, el("div", { class: "bar" }, parts)),
    el("td", { colspan: "5" }, movedWords(use)));
}

/** Says how far a system has moved since the last delivery, and what that is worth. */
function movedWords({ distance: moved, chance, q }) {
  if (moved === null || !chance) return "";
  const words = t("moved_" + chance) + (chance === "same" ? "" : ` (${moved.toFixed(2)})`);
  return el("span", { class: chance === "real" ? "moved far" : "moved", title: q === null ? t("explain_before") : `q = ${q.toFixed(3)}` }, words);
}

function earlierPart(letter, status, count, title) {
  const node = el("span", { class: "part bg-" + status, title }, letter, el("small", {}, ` ${count}`));
  node.style.flexGrow = String(count);
  return node;
}

// ---- Different terms, one rendering -------------------------------------------------------------

/** Groups the texts by what they render alike: the same terms by the same words. */
function alikeGroups() {
  const groups = new Map();
  data.terms.alike.forEach((found, text) => {
    for (const [form, owner, counts] of found) {
      const concepts = counts.map(([concept]) => concept).sort((x, y) => x - y);
      const key = `${form} ${concepts.join(" ")}`;
      const group = groups.get(key) || { form, owner, concepts, texts: [], total: 0 };
      group.texts.push({ text, counts: new Map(counts) });
      group.total += counts.reduce((sum, [, n]) => sum + n, 0);
      groups.set(key, group);
    }
  });
  return [...groups.values()].sort((x, y) => y.total - x.total || x.form - y.form);
}

function alikeSection() {
  const groups = alikeGroups();
  if (!groups.length) return "";
  const heads = ["rendering_head", "stands_for", "in_text"];
  const table = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("alike") }, el("table", { class: "plain alike" },
    el("thead", {}, el("tr", {}, heads.map((key) => el("th", { scope: "col" }, t(key))))),
    groups.map((group) => el("tbody", {}, alikeRows(group)))));
  return el("section", { class: "beside" },
    el("details", { class: "folded", open: groups.length <= ALIKE_SHOWN },
      el("summary", {}, el("h3", {}, t("alike")), " ", el("span", { class: "tally" }, String(groups.length))),
      el("p", { class: "lead" }, t(data.corpus.source === "zh" ? "alike_lead" : "alike_lead_en")), table));
}

function alikeRows({ form, owner, concepts, texts }) {
  const ordered = [...concepts].sort((x, y) => (y === owner) - (x === owner) || x - y);
  return ordered.map((concept, at) => el("tr", {},
    at ? "" : el("th", { scope: "rowgroup", rowspan: String(ordered.length) }, isolated(data.terms.forms[form], data.corpus.target)),
    el("td", {}, isolated(termOf(concept), data.corpus.source), concept === owner ? el("small", {}, " ", t("alike_of")) : ""),
    el("td", {}, el("span", { class: "chips" }, texts.map(({ text, counts }) => alikePart(form, concept, text, counts.get(concept)))))));
}

function alikePart(form, concept, text, n) {
  const { id } = data.terms.concepts[concept];
  const words = data.terms.forms[form];
  const label = t("alike_part", { name: nameOf(text), form: bare(words), term: bare(termOf(concept)), n });
  return button([el("bdi", {}, nameOf(text)), ` ${n}`], () => showForm(id, words, String(text)), { class: "quiet", title: label, "aria-label": label });
}
