// Scores of parts of the test set: by length, domain and document.

const PART_KINDS = ["length", "domain", "document"];
const PART_PAGE = 20;

// ---- Parts as a filter of the segments -------------------------------------------------------

/** Returns which segments a part such as "length:20–39" has, or null for the whole test set. */
function partOf(text) {
  const [kind, label] = splitPart(text);
  const part = data.analysis.parts[kind];
  const bucket = part && part.of ? part.labels.indexOf(label) : -1;
  return bucket < 0 ? null : { of: part.of, bucket };
}

function splitPart(text) {
  const colon = text.indexOf(":");
  return [text.slice(0, colon), text.slice(colon + 1)];
}

function partControl(set) {
  const options = ["domain", "length"].flatMap((kind) => {
    const part = data.analysis.parts[kind];
    return part ? part.labels.map((label) => [`${kind}:${label}`, partName(kind, label)]) : [];
  });
  return options.length > 1 ? choice("part", t("part"), state.part, [["", t("whole")], ...options], set("part")) : "";
}

function partName(kind, label) {
  if (kind === "document") return bare(label);
  return t("part_" + kind, { label: label ? bare(label) : t("unnamed") });
}

function showPart(kind, label) {
  const filter = kind === "document" ? { doc: label } : { part: `${kind}:${label}` };
  return { ...pick(BLANK, FILTERS), ...filter, view: "segments", page: "1", seg: "", sort: "" };
}

// ---- Links into the segments -----------------------------------------------------------------

/** Makes a link that changes the state, and whose address can be copied. */
function stateLink(patch, attributes, ...children) {
  return el("a", {
    href: address({ ...BLANK, lang: state.lang, metric: state.metric, ...patch }), ...attributes,
    onclick: (event) => { event.preventDefault(); update(patch, { leave: true }); window.scrollTo(0, 0); },
  }, ...children);
}

// ---- Tables of parts --------------------------------------------------------------------------

const sorting = {}; // by kind of part: { by: -1 for the middle, or a system; best: best first; page }

/** Draws one kind of part as a table: a row a part, a column a system. */
function partSection(kind) {
  const { parts } = data.analysis;
  const part = parts[kind];
  if (!part) return "";
  const box = el("div", {});
  const fill = () => box.replaceChildren(...partTable(kind, part, fill));
  fill();
  const unit = t("unit_" + data.analysis.unit);
  const first = PART_KINDS.find((k) => parts[k]) === kind; // the colours are explained once
  return topic("by_" + kind, t(`by_${kind}_lead`, { unit }), first ? heatKey(data.metrics[metricIndex()]) : "", box);
}

function partTable(kind, part, redraw) {
  const metric = metricIndex();
  const width = data.systems.length;
  const rows = part.labels.map((label, k) => {
    const scores = part.scores[metric].slice(k * width, (k + 1) * width);
    return { label, size: part.sizes[k], scores, middle: median(scores), k };
  });
  const sortable = rows.length > 12;
  const chosen = (sorting[kind] ??= { by: sortable ? -1 : null, best: false, page: 1 });
  sortRows(rows, chosen, data.metrics[metric].higher);
  const pages = Math.ceil(rows.length / PART_PAGE);
  chosen.page = Math.min(pages, chosen.page);
  const first = (chosen.page - 1) * PART_PAGE;
  const rising = chosen.best !== data.metrics[metric].higher;
  const sort = sortable ? { by: chosen.by, rising, choose: (by) => { chooseSort(chosen, by); redraw(); focusHead(kind, by); } } : null;
  const steps = rows.length > PART_PAGE ? partPager(rows.length, first, chosen, pages, redraw) : "";
  return [
    heatTable({
      id: "heat-" + kind, head: t(kind === "length" ? "length_head" : kind === "domain" ? "domain_head" : "document"),
      sizeHead: t("segments_head"), metric: data.metrics[metric], rows: rows.slice(first, first + PART_PAGE), sort,
      systems: data.systems.map((_, k) => k), whole: data.analysis.whole[metric],
      name: (row) => stateLink(showPart(kind, row.label), { title: t("show_part", { part: partName(kind, row.label) }) }, partLabel(kind, row)),
    }),
    steps];
}

function partLabel(kind, row) {
  if (kind === "length") return row.label;
  if (kind === "domain") return row.label ? isolated(row.label) : t("unnamed");
  const title = data.documents[row.k][1];
  return isolated(title || row.label || t("unnamed"));
}

function median(scores) {
  const known = scores.filter((s) => s !== null).sort((x, y) => x - y);
  if (!known.length) return null;
  const half = known.length >> 1;
  return known.length % 2 ? known[half] : (known[half - 1] + known[half]) / 2;
}

function sortRows(rows, { by, best }, higher) {
  if (by === null) return;
  const sign = best === higher ? -1 : 1;
  const value = (row) => (by < 0 ? row.middle : row.scores[by]);
  const key = (row) => (value(row) === null ? Infinity : sign * value(row));
  rows.sort((x, y) => key(x) - key(y) || x.k - y.k);
}

function chooseSort(chosen, by) {
  chosen.best = chosen.by === by && !chosen.best;
  chosen.by = by;
  chosen.page = 1;
}

function focusHead(kind, by) {
  document.querySelector(`#heat-${kind} [data-by="${by}"]`)?.focus();
}

function partPager(total, first, chosen, pages, redraw) {
  const go = (step) => () => { chosen.page += step; redraw(); };
  const shown = t("rows_shown", { from: first + 1, to: Math.min(total, first + PART_PAGE), total: total.toLocaleString("en") });
  return el("div", { class: "pager" }, el("span", { role: "status" }, shown), el("span", { class: "steps" },
    button(t("previous"), go(-1), { class: "quiet", disabled: chosen.page === 1 }),
    button(t("next"), go(1), { class: "quiet", disabled: chosen.page === pages })));
}

// ---- Heat tables: any rows with one number a system -------------------------------------------

const REACH = 10; // points of a 100-point metric at which the colour is full

/** Explains the colours of the tables. */
function heatKey({ decimals }) {
  const n = shownNumber(decimals > 1 ? REACH / 100 : REACH, decimals > 1 ? 1 : 0);
  const several = data.systems.length > 1;
  const swatches = [-1, -0.5, 0, 0.5, 1].map((share) => tinted(el("span", { class: "swatch" }), share));
  return el("p", { class: "legend heat-key" }, el("span", {}, t(several ? "heat_key" : "heat_key_one")),
    el("span", { class: "key" }, t("heat_low", { n }), el("span", { class: "swatches", "aria-hidden": "true" }, swatches), t("heat_high", { n })),
    several ? el("span", {}, t("heat_best")) : "");
}

/** Colours an element by a share of the full colour: negative is worse. */
function tinted(node, share) {
  if (!share) return node;
  node.classList.add(share > 0 ? "warm" : "cool");
  node.style.setProperty("--tint", `${Math.round(100 * Math.min(1, Math.abs(share)))}%`);
  return node;
}

/**
 * Draws rows of scores, whole numbers of the metric's last decimal. The colour of a cell is its
 * distance from the row's median; for one system, from `whole`, its score of the whole test set.
 */
function heatTable({ id, head, sizeHead, metric, rows, sort, systems, whole, name, foot = "" }) {
  const several = systems.length > 1;
  const span = extent(rows.map((row) => row.middle));
  const heads = systems.map((k, at) => heatHead(systemName(k), at, data.systems[k], sort));
  const middle = several ? heatHead([t("middle")], -1, t("middle"), sort, t("middle_help")) : "";
  return el("div", { class: "scroll heat-frame", tabindex: "0", role: "region", "aria-label": head },
    el("table", { class: "heat", id },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, head), el("th", { scope: "col", class: "num" }, sizeHead), middle, heads)),
      el("tbody", {}, rows.map((row) => heatRow(row, { metric, several, span, whole, name }))), foot));
}

function heatHead(label, by, name, sort, title) {
  if (!sort) return el("th", { scope: "col", class: "num", title }, label);
  const chosen = sort.by === by;
  const order = chosen ? (sort.rising ? "ascending" : "descending") : "none";
  const arrow = el("span", { class: "arrow", "aria-hidden": "true" }, chosen ? (sort.rising ? "▴" : "▾") : "");
  return el("th", { scope: "col", class: "num", "aria-sort": order },
    button([...label, arrow], () => sort.choose(by), { class: "sorter", "data-by": by, title: title || t("sort_by", { name: bare(name) }) }));
}

function heatRow(row, { metric, several, span, whole, name }) {
  const sign = metric.higher ? 1 : -1;
  const unit = 10 ** metric.decimals * (metric.decimals > 1 ? REACH / 100 : REACH);
  const known = row.scores.filter((s) => s !== null);
  const best = several && known.length > 1 && Math.max(...known) > Math.min(...known)
    ? sign * Math.max(...known.map((s) => sign * s)) : null;
  const cells = row.scores.map((score, k) => {
    const from = several ? row.middle : whole[k];
    const share = score === null || from === null ? 0 : (sign * (score - from)) / unit;
    const cell = el("td", { class: score !== null && score === best ? "num best" : "num" }, showWhole(score, metric.decimals));
    return tinted(cell, share);
  });
  const middle = several
    ? el("td", { class: "num middle" }, meter(row.middle, span), el("span", {}, showWhole(row.middle, metric.decimals))) : "";
  return el("tr", {}, el("th", { scope: "row" }, name(row)), el("td", { class: "num size" }, row.size.toLocaleString("en")), middle, cells);
}

function showWhole(score, decimals) {
  return score === null ? "–" : shownNumber(score / 10 ** decimals, decimals);
}

function extent(values) {
  const known = values.filter((v) => v !== null);
  return [Math.min(0, ...known), Math.max(1, ...known)];
}

/** Draws a number as a short bar, so that hard rows are seen at a glance. */
function meter(value, [low, high]) {
  const width = value === null ? 0 : (44 * (value - Math.min(0, low))) / (high - low);
  return drawing("meter", 44, 6, "", svg("rect", { class: "track", x: 0, y: 2, width: 44, height: 2 }),
    svg("rect", { class: "fill", x: 0, y: 1, width: Math.max(0, width), height: 4, rx: 2 }));
}
