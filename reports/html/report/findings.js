// Findings: what a person should look at, each with a way to its segment.

const FINDINGS_PAGE = 100;

function drawFindings(box) {
  const found = data.findings;
  const total = found.kind.length;
  if (!total) {
    box.replaceChildren(el("p", { class: "lead" }, t("no_findings")));
    return;
  }
  const chosen = [];
  for (let n = 0; n < total; n++) {
    const kind = !state.kind || found.kinds[found.kind[n]] === state.kind;
    if (kind && (!state.fsys || data.systems[found.system[n]] === state.fsys)) chosen.push(n);
  }
  const kinds = [["", t("all_kinds")], ...found.kinds.map((kind) => [kind, kind])];
  const systems = [["", t("all_systems")], ...data.systems.map((name) => [name, name])];
  const pages = Math.max(1, Math.ceil(chosen.length / FINDINGS_PAGE));
  const page = Math.min(pages, Math.max(1, Number(state.fpage) || 1));
  box.replaceChildren(
    el("div", { class: "fields" },
      choice("kind", t("kind"), state.kind, kinds, (kind) => update({ kind, fpage: "1" }, { focus: "kind" })),
      choice("fsys", t("system"), state.fsys, systems, (fsys) => update({ fsys, fpage: "1" }, { focus: "fsys" })),
      el("strong", { role: "status" }, t("findings_count", { n: chosen.length, total }))),
    el("div", { class: "scroll" }, el("table", { class: "plain findings" },
      el("thead", {}, el("tr", {}, ["kind", "system", "segment", "message"].map((key) => el("th", { scope: "col" }, t(key))))),
      el("tbody", {}, chosen.slice((page - 1) * FINDINGS_PAGE, page * FINDINGS_PAGE).map(findingRow)))),
    findingPages(page, pages));
}

function findingRow(n) {
  const found = data.findings;
  const system = found.system[n] < 0 ? t("test_set") : isolated(data.systems[found.system[n]]);
  return el("tr", {},
    el("td", {}, el("code", {}, bare(found.kinds[found.kind[n]]))),
    el("td", {}, system),
    el("td", {}, segmentLink(found.segment[n], found.system[n])),
    el("td", {}, isolated(found.message[n])));
}

function segmentLink(segment, system) {
  if (segment < 0) return "–";
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
