// N-grams that one system gets and another misses.

let phraseSystem = ""; // as the reader left it

function phraseSection() {
  const found = data.analysis.ngrams;
  const lead = t("ngrams_lead", { unit: t("unit_tokens_" + data.corpus.target), baseline: bare(data.baseline) });
  if (!found.length) return topic("ngrams", t("ngrams_none"));
  const at = Math.max(0, found.findIndex((c) => data.systems[c.system] === (phraseSystem || data.systems[chosenPair()[0]])));
  const { system, gained, missed } = found[at];
  const base = data.systems.indexOf(data.baseline);
  const systems = found.map((c) => [data.systems[c.system], data.systems[c.system]]);
  const choose = (name) => { phraseSystem = name; update({}, { focus: "phrase-system" }); };
  const most = Math.max(1, ...[...gained, ...missed].map(([, only, other]) => only + other));
  return topic("ngrams", lead,
    el("div", { class: "fields" }, choice("phrase-system", t("system"), data.systems[system], systems, choose)),
    found.length < data.systems.length - 1 ? el("p", { class: "lead" }, t("ngrams_left_out")) : "",
    el("div", { class: "two-up" }, phraseTable(system, base, gained, most), phraseTable(base, system, missed, most)),
    el("details", { class: "explain" }, el("summary", {}, t("ngrams_ask")), el("p", { class: "lead" }, t("ngrams_how"))));
}

function phraseTable(system, other, list, most) {
  const names = { name: bare(data.systems[system]), other: bare(data.systems[other]) };
  const heads = ["phrase", "gets", "misses", "of_segments"];
  const body = list.length ? el("table", { class: "plain phrases" },
    el("thead", {}, el("tr", {}, heads.map((key, n) => el("th", { scope: "col", class: n ? "num" : "" }, t(key))))),
    el("tbody", {}, list.map((entry) => phraseRow(entry, [system, other], most)))) : el("p", { class: "lead" }, t("ngrams_empty"));
  return el("div", {}, el("h4", {}, t("ngrams_gained", names)),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("ngrams_gained", names) }, body));
}

function phraseRow([text, only, other, segments], pair, most) {
  const patch = {
    ...pick(BLANK, FILTERS), q: text, sys: pair.map((k) => data.systems[k]), sort: "", view: "segments", page: "1", seg: "",
  };
  const phrase = isolated(text, data.corpus.target);
  const title = t("search_phrase", { text: bare(text) });
  return el("tr", {},
    // A report in parts has its texts elsewhere: there is nothing here to search.
    el("th", { scope: "row" }, data.shards ? phrase : stateLink(patch, { class: "phrase", title }, phrase)),
    el("td", { class: "num" }, duel(only, other, most), el("span", {}, only.toLocaleString("en"))),
    el("td", { class: "num" }, other.toLocaleString("en")), el("td", { class: "num size" }, segments.toLocaleString("en")));
}

/** Draws two counts as one bar. */
function duel(only, other, most) {
  const width = (n) => (56 * n) / most;
  return drawing("duel", 56, 8, "",
    svg("rect", { class: "mass m-better", x: 0, y: 1, width: width(only), height: 6 }),
    svg("rect", { class: "mass m-even", x: width(only), y: 1, width: width(other), height: 6 }));
}
