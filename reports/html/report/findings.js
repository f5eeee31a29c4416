// Findings: what a person should look at, counted by kind and system, each with a way to its segment.

const FINDINGS_PAGE = 100;
const SEVERITIES = ["error", "warning", "note"];
const TEST_SET = "-"; // among systems, which are written "=name" in the address

function drawFindings(box) {
  const found = data.findings;
  if (!found.kind.length) {
    box.replaceChildren(el("p", { class: "lead" }, t("no_findings")));
    return;
  }
  const chosen = chosenFindings();
  const pages = Math.max(1, Math.ceil(chosen.length / FINDINGS_PAGE));
  const page = Math.min(pages, Math.max(1, Number(state.fpage) || 1));
  const shown = chosen.slice((page - 1) * FINDINGS_PAGE, page * FINDINGS_PAGE);
  box.replaceChildren(
    el("p", { class: "lead" }, t("findings_lead")),
    tallyTable(),
    findingFilters(chosen.length),
    shown.length ? findingTable(shown) : el("p", { class: "nothing" }, t("no_finding_fits")),
    findingPages(page, pages));
}

// ---- Filters ------------------------------------------------------------------------------------

function systemKey(system) {
  return system < 0 ? TEST_SET : "=" + data.systems[system];
}

function chosenFindings() {
  const { kinds, kind, system, severity } = data.findings;
  const chosen = [];
  for (let n = 0; n < kind.length; n++) {
    if (state.kind && kinds[kind[n]] !== state.kind) continue;
    if (state.fsys && systemKey(system[n]) !== state.fsys) continue;
    if (state.severity && SEVERITIES[severity[n]] !== state.severity) continue;
    chosen.push(n);
  }
  return chosen;
}

function findingFilters(count) {
  const { kinds, kind, severity, system } = data.findings;
  const used = SEVERITIES.filter((_, k) => severity.includes(k));
  const systems = data.systems.map((name, k) => [systemKey(k), name]);
  if (system.includes(-1)) systems.push([TEST_SET, t("test_set")]);
  const field = (id, label, options) => choice(id, label, state[id], options, (value) => update({ [id]: value, fpage: "1" }, { focus: id }));
  return el("div", { class: "fields" },
    field("severity", t("severity"), [["", t("all_severities")], ...used.map((name) => [name, t("severity_" + name)])]),
    field("kind", t("kind"), [["", t("all_kinds")], ...kinds.map((name) => [name, name])]),
    field("fsys", t("system"), [["", t("all_systems")], ...systems]),
    el("strong", { role: "status" }, t("findings_count", { n: count.toLocaleString("en"), total: kind.length.toLocaleString("en") })));
}

// ---- Counts -------------------------------------------------------------------------------------

/** Counts the findings by kind and system: the severest kinds first, then the most frequent. */
function tallies() {
  const { kinds, kind, system, severity } = data.findings;
  const rows = kinds.map((name) => ({ name, worst: SEVERITIES.length, total: 0, counts: new Array(data.systems.length + 1).fill(0) }));
  kind.forEach((k, n) => {
    const row = rows[k];
    row.worst = Math.min(row.worst, severity[n]);
    row.total++;
    row.counts[system[n] < 0 ? data.systems.length : system[n]]++;
  });
  return rows.sort((x, y) => x.worst - y.worst || y.total - x.total || (x.name < y.name ? -1 : 1));
}

function tallyTable() {
  const rows = tallies();
  const most = Math.max(...rows.flatMap((row) => row.counts));
  const columns = [...data.systems.keys()];
  if (data.findings.system.includes(-1)) columns.push(data.systems.length);
  const heads = columns.map((k) => el("th", { scope: "col", class: "num" },
    k < data.systems.length ? isolated(data.systems[k]) : t("test_set")));
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("findings_lead") }, el("table", { class: "plain counts" },
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("kind")), heads, el("th", { scope: "col", class: "num" }, t("total")))),
    el("tbody", {}, rows.map((row) => tallyRowOf(row, columns, most)))));
}

function tallyRowOf({ name, worst, total, counts }, columns, most) {
  const cells = columns.map((k) => {
    const system = k < data.systems.length ? k : -1;
    return tallyCell(name, counts[k], most, systemKey(system), system < 0 ? t("test_set") : bare(data.systems[system]));
  });
  return el("tr", {},
    el("th", { scope: "row" }, severityMark(worst), " ", el("code", {}, bare(name)), kindWords(name)),
    cells, tallyCell(name, total, Infinity, "", t("all_systems")));
}

/** Draws a count as a cell of a heat map; the darkest is the largest count. */
function tallyCell(kind, n, most, fsys, systemName) {
  if (!n) return el("td", { class: "num" }, "–");
  const label = t("findings_of", { n, kind, system: systemName });
  const go = () => {
    update({ kind, fsys, severity: "", fpage: "1" }, { focus: "kind" });
    document.getElementById("kind").scrollIntoView({ block: "center" });
  };
  const node = button(n.toLocaleString("en"), go, { class: "count", title: label, "aria-label": label });
  node.style.setProperty("--share", (n / most).toFixed(2));
  return el("td", { class: "num" }, node);
}

function kindWords(name) {
  return data.strings.en["kind_" + name] ? el("small", {}, " ", t("kind_" + name)) : "";
}

function severityMark(severity) {
  const name = SEVERITIES[severity];
  return el("span", { class: "severity sv-" + name }, t("severity_" + name));
}

// ---- The list -----------------------------------------------------------------------------------

function findingTable(shown) {
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("message") }, el("table", { class: "plain findings" },
    el("thead", {}, el("tr", {}, ["severity", "kind", "system", "segment", "message"].map((key) => el("th", { scope: "col" }, t(key))))),
    el("tbody", {}, shown.map(findingRow))));
}

function findingRow(n) {
  const found = data.findings;
  const system = found.system[n] < 0 ? t("test_set") : isolated(data.systems[found.system[n]]);
  const category = found.mqm[n] < 0 ? "" : el("small", { class: "mqm" }, t("mqm", { category: bare(found.mqms[found.mqm[n]]).replace("/", " › ") }));
  return el("tr", {},
    el("td", {}, severityMark(found.severity[n])),
    el("td", {}, el("code", {}, bare(found.kinds[found.kind[n]]))),
    el("td", {}, system),
    el("td", {}, segmentLink(found.segment[n], found.system[n])),
    el("td", {}, isolated(found.message[n]), category));
}

function segmentLink(segment, system) {
  if (segment < 0) return t("all_texts");
  const id = data.segments.ids[segment];
  return el("a", {
    href: address({ ...BLANK, lang: state.lang, view: "segments", seg: id }),
    onclick: (event) => { event.preventDefault(); showSite(segment, system < 0 ? Infinity : system); },
  }, isolated(id));
}

function findingPages(page, pages) {
  if (pages === 1) return "";
  const go = (to) => () => update({ fpage: String(to) });
  return el("div", { class: "pager" }, el("span", { class: "steps" },
    button(t("previous"), go(page - 1), { class: "quiet", disabled: page === 1 }),
    el("span", {}, t("page", { page, pages })),
    button(t("next"), go(page + 1), { class: "quiet", disabled: page === pages })));
}
