// Data and state: what the report shows, and which part of it the reader is looking at.

// ---- Data ----------------------------------------------------------------------------------

/** Reads the data block: a JSON value, or a JSON string holding its gzip in base64. */
async function readData() {
  const value = JSON.parse(document.getElementById("data").textContent);
  return typeof value === "string" ? JSON.parse(await unzip(value)) : value;
}

async function unzip(base64) {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

/** Adds to the data what is quick to derive and asked for often. */
function index(data) {
  data.texts = [
    ...data.systems.map((name) => ({ name, reference: false })),
    ...data.references.map((name) => ({ name, reference: true })),
  ];
  data.size = data.segments.ids.length;
  data.width = 1 + data.references.length + data.systems.length;
  data.place = new Map(data.segments.ids.map((id, k) => [id, k]));
  data.firstOf = data.documents.map((_, d) => data.segments.documents.indexOf(d));
  data.invisibles = new RegExp(data.invisible.pattern, "gu");
  if (data.terms) indexTerms(data);
  data.errorsOf = new Map();
  data.errors.segment.forEach((segment, n) => data.errorsOf.set(segment, [...(data.errorsOf.get(segment) || []), n]));
  data.flags = flagSegments(data);
  return data;
}

const NO_RENDERING = "uev-"; // not found, left out, waived and not found, no text

/** Gives every text, at every source occurrence, its rendering: -1 where there is none. */
function indexTerms(data) {
  const { sites, texts } = data.terms;
  data.sitesOf = Array.from({ length: data.size }, () => []);
  sites.segment.forEach((segment, site) => data.sitesOf[segment].push(site));
  for (const text of texts) {
    text.row = new Int32Array(text.verdicts.length).fill(-1);
    let row = 0;
    for (let site = 0; site < text.row.length; site++) {
      if (!NO_RENDERING.includes(text.verdicts[site])) text.row[site] = row++;
    }
  }
  data.useOf = data.terms.uses.map((uses) => new Map(uses.map((use) => [use[0], named(use)])));
}

/** Names the columns of one text's use of one concept. */
function named([, occurrences, resolved, renderings, measures, flags, q, chance]) {
  const [adherence, consistency, switches, distance] = measures;
  return { occurrences, resolved, renderings, flags, measures: { adherence, consistency, switches }, distance, q, chance };
}

const FLAG = { deprecated: 1, forbidden: 2, other: 4, unresolved: 8, drift: 16, empty: 32, finding: 64 };
const TERM_FLAGS = FLAG.deprecated | FLAG.forbidden | FLAG.other | FLAG.unresolved;
const FLAG_OF_VERDICT = { d: FLAG.deprecated, f: FLAG.forbidden, o: FLAG.other, u: FLAG.unresolved };

/** Returns one array of flag bits a text: what is wrong with each of its segments. */
function flagSegments(data) {
  const flags = data.texts.map(() => new Uint8Array(data.size));
  for (let k = 0; k < data.systems.length; k++) {
    for (const i of data.segments.empty[k]) flags[k][i] |= FLAG.empty;
  }
  const found = data.findings;
  found.segment.forEach((segment, n) => {
    if (segment < 0) return;
    for (let k = 0; k < data.systems.length; k++) {
      if (found.system[n] === k || found.system[n] < 0) flags[k][segment] |= FLAG.finding;
    }
  });
  if (data.terms) flagTerms(data, flags);
  return flags;
}

function flagTerms(data, flags) {
  const { sites, texts } = data.terms;
  texts.forEach((text, k) => {
    for (let site = 0; site < text.verdicts.length; site++) {
      let bits = FLAG_OF_VERDICT[text.verdicts[site]] || 0;
      const use = data.useOf[k].get(sites.concept[site]);
      if (use && use.flags.includes("drift") && text.row[site] >= 0) {
        if (text.form[text.row[site]] !== use.renderings[0][0]) bits |= FLAG.drift;
      }
      flags[k][sites.segment[site]] |= bits;
    }
  });
}

/** Returns the text of a segment in a system (or, counting on, a reference set), or null. */
function textOf(data, segment, text) {
  const systems = data.systems.length;
  const column = text < systems ? 1 + data.references.length + text : 1 + text - systems;
  return data.segments.texts[segment * data.width + column];
}

function sourceOf(data, segment) {
  return data.shards ? data.segments.sources[segment] : data.segments.texts[segment * data.width];
}

const FINER = 10; // scores are kept to one decimal more than is shown

/** Returns a segment's score in units of the metric's last decimal shown, or null. */
function scoreOf(data, metric, segment, system) {
  const score = data.scores[metric][segment * data.systems.length + system];
  return score === null ? null : score / FINER;
}

function showScore(data, metric, score) {
  const { decimals } = data.metrics[metric];
  return score === null ? "–" : (score / 10 ** decimals).toFixed(decimals).replace("-", "−");
}

// ---- State, kept in the address ------------------------------------------------------------

const VIEWS = ["summary", "significance", "analysis", "terminology", "segments", "findings", "provenance"];
const BLANK = {
  view: "summary", q: "", doc: "", part: "", flag: "", concept: "", form: "", on: "", sys: null,
  metric: "", a: "", b: "", min: "0", sort: "", diff: "", page: "1", seg: "", lang: "",
  kind: "", fsys: "", severity: "", fpage: "1", term: "", x: "", y: "",
};
const FILTERS = ["q", "doc", "part", "flag", "concept", "form", "on", "a", "b", "min"];

const HERE = VIEWS.filter((view) => document.getElementById(view)); // a part of a report has not all

let data = null;
let state = { ...BLANK };

/** Reads the address: every part of the state that is not as usual stands behind the #. */
function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  const next = { ...BLANK };
  for (const key of Object.keys(BLANK)) {
    if (key === "sys") next.sys = given.has("sys") ? given.getAll("sys") : null;
    else if (given.has(key)) next[key] = given.get(key);
  }
  if (given.has("seg") && !given.has("view")) next.view = "segments";
  const known = VIEWS.includes(next.view) && given.has("view") && data?.home; // the whole report may have it
  if (!HERE.includes(next.view) && !known) next.view = HERE[0];
  return next;
}

/** Returns the address of a state: the part behind the #, after the file if that is another one. */
function address(of) {
  return fileOf(of) + hashOf(of);
}

function hashOf(of) {
  const parts = new URLSearchParams();
  for (const [key, value] of Object.entries(of)) {
    if (key === "sys") (value || []).forEach((name) => parts.append("sys", name));
    else if (value !== BLANK[key]) parts.set(key, value);
  }
  return "#" + parts.toString();
}

/** Changes the state and draws what follows from it; `leave` makes a step to come back from. */
function update(patch, { leave = false, focus = "" } = {}) {
  const before = state;
  state = { ...state, ...patch };
  if (goElsewhere()) {
    state = before; // whoever comes back finds the page as it was
    return;
  }
  history[leave ? "pushState" : "replaceState"](null, "", address(state));
  draw();
  if (focus) document.getElementById(focus)?.focus();
}

function isShown(system) {
  return (state.sys || data.shown).includes(data.systems[system]);
}

// ---- Words and elements --------------------------------------------------------------------

/** Returns a string of the table in the reader's language. */
function t(key, values = {}) {
  const text = data.strings[state.lang === "zh" ? "zh" : "en"][key]
    .replace(/\{(\w+):([^|{}]*)\|([^|{}]*)\}/g, (_, name, one, many) => (String(values[name]) === "1" ? one : many));
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** Makes an element. Children are elements or text; text never becomes markup. */
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

function button(label, onclick, attributes = {}) {
  return el("button", { type: "button", onclick, ...attributes }, label);
}

/** Makes a labelled choice; `options` are [value, label] pairs. */
function choice(id, label, value, options, onchange) {
  const select = el("select", { id, onchange: () => onchange(select.value) });
  for (const [key, words] of options) select.append(el("option", { value: key }, bare(words)));
  select.value = value;
  return el("label", { class: "field", for: id }, el("span", {}, label), select);
}

function statusWord(status) {
  return data.strings.en[status] ? t(status) : status;
}

function nameOf(text) {
  const { name, reference } = data.texts[text];
  return reference ? t("reference", { name: bare(name) }) : bare(name);
}
