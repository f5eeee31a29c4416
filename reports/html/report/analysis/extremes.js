// The segments to read first, and what the checks found.

const SNIPPET = 72;
let worstOf = -1; // a system, or -1 for the mean of all

// ---- Segments -----------------------------------------------------------------------------------

function extremesSection() {
  const { worst, worstOf: each, different } = data.analysis.extremes[metricIndex()];
  const list = worstOf < 0 ? worst : each[worstOf];
  const options = [["-1", t("mean_of_all")], ...data.systems.map((name, k) => [String(k), name])];
  const choose = (k) => { worstOf = Number(k); update({}, { focus: "worst-of" }); };
  const several = data.systems.length > 1;
  return topic("read_first", t("worst_lead"),
    several ? el("div", { class: "fields" }, choice("worst-of", t("worst_of"), String(worstOf), options, choose)) : "",
    segmentTable(t("worst"), list, worstOf < 0 && several ? "mean" : "score", (i) => worstFacts(i)),
    el("h4", {}, t("different")),
    el("p", { class: "lead" }, t(several ? "different_lead" : "different_none")),
    several ? segmentTable(t("different"), different, "spread", (i) => spreadFacts(i)) : "");
}

function scoresAt(i) {
  return data.systems.map((_, k) => scoreOf(data, metricIndex(), i, k));
}

function worstFacts(i) {
  const scores = scoresAt(i);
  const { decimals } = data.metrics[metricIndex()];
  const mean = scores.reduce((sum, s) => sum + s, 0) / scores.length;
  return { value: showWhole(worstOf < 0 ? mean : scores[worstOf], decimals), systems: worstOf < 0 ? [] : [worstOf], words: "" };
}

function spreadFacts(i) {
  const metric = data.metrics[metricIndex()];
  const scores = scoresAt(i);
  const sign = metric.higher ? 1 : -1;
  const order = scores.map((_, k) => k).sort((x, y) => sign * (scores[y] - scores[x]) || x - y);
  const [best, worst] = [order[0], order[order.length - 1]];
  const said = (key, k) => el("span", { class: "end-system" }, el("small", {}, t(key)), " ", isolated(data.systems[k]), " ", showWhole(scores[k], metric.decimals));
  return {
    value: showWhole(Math.abs(scores[best] - scores[worst]), metric.decimals), systems: [best, worst],
    words: [said("best_system", best), said("worst_system", worst)],
  };
}

function segmentTable(caption, places, valueKey, facts) {
  const heads = [["segment", ""], ["source", ""], [valueKey, "num"], ["scores_head", "strip-head"]];
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, el("table", { class: "plain extremes" },
    el("thead", {}, el("tr", {}, heads.map(([key, kind]) => el("th", { scope: "col", class: kind }, t(key))))),
    el("tbody", {}, places.map((i) => segmentRow(i, facts(i))))));
}

function segmentRow(i, { value, systems, words: said }) {
  const id = data.segments.ids[i];
  const patch = { ...pick(BLANK, FILTERS), sort: "", view: "segments", seg: id, sys: withSystems(systems) };
  return el("tr", {},
    el("th", { scope: "row" }, stateLink(patch, {}, isolated(id))),
    el("td", { class: "snippet" }, isolated(snippet(sourceOf(data, i) ?? ""), data.corpus.source)),
    el("td", { class: "num" }, value),
    el("td", { class: "strip-cell" }, scoreStrip(i), said ? el("span", { class: "ends" }, said) : ""));
}

/** Returns the systems shown and these. */
function withSystems(systems) {
  const names = systems.map((k) => data.systems[k]);
  const shown = state.sys || data.shown;
  return names.every((name) => shown.includes(name)) ? state.sys : [...shown, ...names.filter((name) => !shown.includes(name))];
}

function snippet(text) {
  const letters = [...text.slice(0, 2 * SNIPPET)];
  return letters.length > SNIPPET ? letters.slice(0, SNIPPET - 1).join("") + "…" : letters.join("");
}

/** Draws the scores of one segment: a dot a system, on the metric's scale. */
function scoreStrip(i) {
  const metric = data.metrics[metricIndex()];
  const { edges } = data.analysis.distributions[metricIndex()];
  const scale = distributionScale({ edges }, 180);
  const scores = scoresAt(i);
  const known = scores.filter((s) => s !== null);
  const unit = 10 ** metric.decimals;
  const label = t("strip_label", { low: showWhole(Math.min(...known), metric.decimals), high: showWhole(Math.max(...known), metric.decimals) });
  return drawing("strip-chart", 180, 16, label, line("zero", 12, 8, 168, 8),
    known.length ? line("half", scale(Math.min(...known) / unit), 8, scale(Math.max(...known) / unit), 8) : "",
    scores.map((score, k) => score === null ? "" : svg("g", {}, spot(k, scale(score / unit)),
      hint(`${bare(data.systems[k])} ${showWhole(score, metric.decimals)}`))));
}

function spot(k, x) {
  if (data.systems[k] === data.baseline) return svg("path", { class: "spot m-baseline", d: diamond(x, 8, 5) });
  return svg("circle", { class: "spot", cx: x, cy: 8, r: 4 });
}

// ---- Findings -----------------------------------------------------------------------------------

function checkSection() {
  const found = data.findings;
  if (!found.kind.length) return topic("data_check", t("no_findings"));
  const tallies = found.kinds.map((kind, k) => ({ kind, k, total: 0, by: new Array(data.systems.length).fill(0) }));
  found.kind.forEach((k, n) => {
    tallies[k].total++;
    if (found.system[n] >= 0) tallies[k].by[found.system[n]]++;
  });
  tallies.sort((x, y) => y.total - x.total || x.k - y.k);
  const most = tallies[0].total;
  return topic("data_check", t("data_check_lead"),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("data_check") }, el("table", { class: "plain tallies" },
      el("thead", {}, el("tr", {}, [["kind", ""], ["count_head", "num"], ["most_in", ""]].map(([key, kind]) => el("th", { scope: "col", class: kind }, t(key))))),
      el("tbody", {}, tallies.map((tally) => tallyRow(tally, most))))));
}

function tallyRow({ kind, total, by }, most) {
  const top = Math.max(...by);
  const where = top ? [...systemName(by.indexOf(top)), ` ${top.toLocaleString("en")}`] : t("test_set");
  return el("tr", {},
    el("th", { scope: "row" }, stateLink({ view: "findings", kind, fsys: "", fpage: "1" }, {}, el("code", {}, bare(kind)))),
    el("td", { class: "num" }, tallyBar(total, most), el("span", {}, total.toLocaleString("en"))),
    el("td", {}, where));
}

function tallyBar(n, most) {
  return drawing("duel", 80, 8, "", svg("rect", { class: "mass m-even", x: 0, y: 1, width: (80 * n) / most, height: 6 }));
}
