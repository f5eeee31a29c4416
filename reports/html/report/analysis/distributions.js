// How segment scores are distributed, and how two systems differ segment by segment.

const PAIR_BINS = 16; // on each side of level

// ---- Distributions ----------------------------------------------------------------------------

function distributionSection() {
  const metric = data.metrics[metricIndex()];
  const found = data.analysis.distributions[metricIndex()];
  const width = room(520);
  const most = Math.max(1, ...found.counts.flat());
  const rows = data.systems.map((_, k) => distributionRow(k, found, metric, width, most));
  const heads = [t("system"), distributionAxis(found, metric, width), t("median"), t("middle_half")];
  return topic("distribution", t("distribution_lead"),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("distribution") }, el("table", { class: "plain ridges" },
      el("thead", {}, el("tr", {}, heads.map((head, n) => el("th", { scope: "col", class: n > 1 ? "num" : "" }, head)))),
      el("tbody", {}, rows))));
}

function distributionScale(found, width) {
  const [low, high] = [found.edges[0], found.edges[found.edges.length - 1]];
  return (value) => 12 + ((width - 24) * (Math.min(high, value) - low)) / (high - low);
}

function distributionAxis(found, metric, width) {
  const x = distributionScale(found, width);
  const marks = ticksBetween(found.edges[0], found.edges[found.edges.length - 1], 5);
  return [el("span", { class: "unseen" }, t("distribution")),
    drawing("axis", width, 14, "", marks.map((m) => words("tick", x(m), 11, "middle", String(m).replace("-", "−"))))];
}

function distributionRow(k, found, metric, width, most) {
  const { edges } = found;
  const [low, middle, high] = found.quartiles[k] || [null, null, null];
  const show = (value) => shownNumber(value, metric.decimals);
  const label = t("histogram", { name: bare(data.systems[k]), median: show(middle), low: show(low), high: show(high) });
  const above = found.above[k] ? el("span", { class: "sub" }, t("bin_above_short", { from: edges[edges.length - 1], n: found.above[k] })) : "";
  return el("tr", {},
    el("th", { scope: "row" }, systemName(k)),
    el("td", { class: "ridge-cell" }, histogram(k, found, width, most, label)),
    el("td", { class: "num" }, show(middle)),
    el("td", { class: "num" }, `${show(low)}–${show(high)}`, above));
}

/** Returns how high the bars of a distribution may be: many systems must still be seen at once. */
function ridgeHeight() {
  return data.systems.length > 8 ? 28 : 46;
}

function histogram(k, found, width, most, label) {
  const { edges } = found;
  const base = ridgeHeight();
  const x = distributionScale(found, width);
  const bars = found.counts[k].map((n, bin) => {
    const text = t("bin", { from: edges[bin], to: edges[bin + 1], n });
    return column("fill", x(edges[bin]), x(edges[bin + 1]) - x(edges[bin]), base, ((base - 4) * n) / most, base - 2, text);
  });
  const marks = found.quartiles[k] ? quartileMarks(found.quartiles[k], x, base + 5) : [];
  return drawing("ridge", width, base + 10, label, line("zero", 12, base, width - 12, base), bars, marks);
}

function quartileMarks([low, middle, high], x, y) {
  return [line("half", x(low), y, x(high), y), svg("path", { class: "median", d: diamond(x(middle), y, 4) })];
}

// ---- Two systems ------------------------------------------------------------------------------

/** Returns the two systems to compare: as chosen, or else the first shown against the baseline. */
function chosenPair() {
  const base = Math.max(0, data.systems.indexOf(data.baseline));
  const shown = data.systems.findIndex((name, k) => k !== base && data.shown.includes(name));
  const a = data.systems.indexOf(state.x);
  const b = data.systems.indexOf(state.y);
  return [a < 0 ? Math.max(0, shown) : a, b < 0 ? base : b];
}

function pairSection() {
  if (data.systems.length < 2) return "";
  const [a, b] = chosenPair();
  const systems = data.systems.map((name) => [name, name]);
  const fields = el("div", { class: "fields" },
    choice("x", t("first_system"), data.systems[a], systems, (x) => update({ x }, { focus: "x" })),
    choice("y", t("against"), data.systems[b], systems, (y) => update({ y }, { focus: "y" })));
  const drawn = a === b ? [el("p", { class: "nothing" }, t("pair_same"))] : pairDrawn(a, b);
  return topic("pair", t("pair_lead"), fields, ...drawn);
}

function pairDrawn(a, b) {
  const metric = data.metrics[metricIndex()];
  const lead = leadOf(a, b);
  const leads = [];
  for (let i = 0; i < data.size; i++) {
    const value = lead(i);
    if (!Number.isNaN(value)) leads.push(value);
  }
  const counts = { more: 0, level: 0, fewer: 0 };
  for (const value of leads) counts[value > 0 ? "more" : value < 0 ? "fewer" : "level"]++;
  return [pairShares(a, b, counts, leads.length), pairHistogram(a, b, leads, counts, metric), pairLinks(a, b)];
}

function pairShares(a, b, counts, total) {
  const share = (n) => t("pair_count", { n: n.toLocaleString("en"), share: total ? ((100 * n) / total).toFixed(0) : 0 });
  const entry = (kind, n, label, title) => {
    const node = el("div", { class: "share " + kind, title: title || "" },
      el("span", { class: "share-bar" }), el("strong", {}, share(n)), el("span", {}, label));
    node.style.flexGrow = String(Math.max(n, total / 50));
    return node;
  };
  return el("div", { class: "shares" },
    entry("worse", counts.fewer, sentence("a_better", b)),
    entry("even", counts.level, t("level"), t("pair_level_help")),
    entry("better", counts.more, sentence("a_better", a)));
}

/** Sets a string with the name of a system in it. */
function sentence(key, system) {
  return t(key, { name: bare(data.systems[system]) });
}

function pairHistogram(a, b, leads, counts, metric) {
  const width = room(760);
  const [base, top] = [168, 150];
  const unit = 10 ** metric.decimals;
  const step = binStep(leads, unit);
  const bins = pairBins(leads, step * unit);
  const most = Math.max(1, counts.level, ...bins.more, ...bins.fewer);
  const x = (value) => width / 2 + (value * (width / 2 - 18)) / (PAIR_BINS * step);
  const side = (sign, list, name, kind) => list.map((n, k) => {
    const [from, to] = [k * step, (k + 1) * step];
    const left = sign > 0 ? x(from) + 5 : x(-to) - 5;
    const text = t("pair_bin", { name, from: roundly(from), to: k === PAIR_BINS - 1 ? "…" : roundly(to), n });
    return column(kind, left, x(step) - x(0), base, (top * n) / most, top, text);
  });
  const label = t("pair_chart", { a: bare(data.systems[a]), b: bare(data.systems[b]), ...counts });
  const marks = ticksBetween(0, PAIR_BINS * step * 0.97, width < 500 ? 2 : 4).filter((m) => m > 0);
  return el("figure", { class: "pair-chart" }, drawing("pair", width, 206, label,
    line("zero", 12, base, width - 12, base),
    side(-1, bins.fewer, bare(data.systems[b]), "mass m-worse"), side(1, bins.more, bare(data.systems[a]), "mass m-better"),
    column("mass m-even", width / 2 - 4, 8, base, (top * counts.level) / most, top, `${t("level")}: ${counts.level}`),
    words("tick", width / 2, base + 14, "middle", "0"),
    marks.flatMap((m) => [words("tick", x(m) + 5, base + 14, "middle", "+" + m), words("tick", x(-m) - 5, base + 14, "middle", "+" + m)]),
    words("side v-real_better", width - 12, 202, "end", sentence("a_better", a) + " →"),
    words("side v-real_worse", 12, 202, "start", "← " + sentence("a_better", b))));
}

/** Chooses a round width of the bins; the last bin on each side also holds what lies beyond. */
function binStep(leads, unit) {
  const sizes = leads.map((v) => Math.abs(v) / unit).sort((x, y) => x - y);
  const reach = sizes.length ? sizes[Math.floor(0.995 * (sizes.length - 1))] : 1;
  const least = Math.max(reach / PAIR_BINS, 1 / unit);
  const power = 10 ** Math.floor(Math.log10(least));
  return Number(([1, 2, 2.5, 5, 10].find((m) => m * power >= least - 1e-12) * power).toPrecision(6));
}

function pairBins(leads, step) {
  const bins = { more: new Array(PAIR_BINS).fill(0), fewer: new Array(PAIR_BINS).fill(0) };
  for (const value of leads) {
    if (!value) continue;
    const place = Math.ceil(Math.abs(value) / step - 1e-9) - 1;
    bins[value > 0 ? "more" : "fewer"][Math.min(PAIR_BINS - 1, place)]++;
  }
  return bins;
}

function roundly(value) {
  return Number(value.toPrecision(6));
}

function pairLinks(a, b) {
  const link = (one, other) => {
    const [x, y] = [data.systems[one], data.systems[other]];
    const patch = { ...pick(BLANK, FILTERS), a: x, b: y, sort: "-lead", sys: [x, y], view: "segments", page: "1", seg: "" };
    return el("li", {}, stateLink(patch, {}, t("see_lead", { a: bare(x) })));
  };
  return el("ul", { class: "ways" }, link(a, b), link(b, a));
}
