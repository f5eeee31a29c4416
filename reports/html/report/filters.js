// Which segments pass the filters, and in which order.

const FLAG_CHOICES = {
  "": 0, any: TERM_FLAGS, drift: FLAG.drift, forbidden: FLAG.forbidden, deprecated: FLAG.deprecated,
  other: FLAG.other, unresolved: FLAG.unresolved, empty: FLAG.empty, finding: FLAG.finding,
};

let folded = null;

/** Returns the lower-cased texts of each segment, made once, when a search first needs them. */
function haystack() {
  if (folded) return folded;
  folded = new Array(data.size);
  for (let i = 0; i < data.size; i++) {
    const texts = data.segments.texts.slice(i * data.width, (i + 1) * data.width);
    folded[i] = (data.segments.ids[i] + "\n" + texts.join("\n")).toLowerCase();
  }
  return folded;
}

/** Returns the tests that a segment must pass, as functions of its position. */
function filters() {
  const tests = [];
  const query = state.q.trim().toLowerCase();
  if (state.doc) {
    const wanted = data.documents.findIndex(([id]) => id === state.doc);
    tests.push((i) => data.segments.documents[i] === wanted);
  }
  const part = partOf(state.part);
  if (part) tests.push((i) => part.of[i] === part.bucket);
  const bits = FLAG_CHOICES[state.flag] || 0;
  if (bits) {
    const columns = data.flags.filter((_, k) => k < data.systems.length && isShown(k));
    tests.push((i) => columns.some((column) => column[i] & bits));
  }
  if (data.terms && state.concept) {
    const places = segmentsWith(state.concept, state.form, state.on);
    tests.push((i) => places.has(i));
  }
  const lead = leadTest();
  if (lead) tests.push(lead);
  if (query) {
    const texts = haystack();
    tests.push((i) => texts[i].includes(query));
  }
  return tests;
}

/** Returns the segments where a concept (in a rendering, in a text) occurs. */
function segmentsWith(concept, form, on) {
  const { sites, texts, concepts, forms } = data.terms;
  const wanted = concepts.findIndex((c) => c.id === concept);
  const places = new Set();
  const chosen = on === "" ? texts : texts.filter((_, k) => String(k) === on);
  sites.concept.forEach((found, site) => {
    if (found !== wanted) return;
    const fits = (text) => form === "" || formAt(text, site, forms) === form;
    if (chosen.some(fits)) places.add(sites.segment[site]);
  });
  return places;
}

/** Returns the rendering at a site; "-" if the term was not found there, null without a text. */
function formAt(text, site, forms) {
  const row = text.row[site];
  if (row >= 0) return forms[text.form[row]];
  return text.verdicts[site] === "-" ? null : "-";
}

function metricIndex() {
  return Math.max(0, data.metrics.findIndex((m) => m.name === state.metric));
}

/** Returns how far system a is ahead of system b on a segment: positive is better. */
function leadOf(a, b) {
  const metric = metricIndex();
  const sign = data.metrics[metric].higher ? 1 : -1;
  return (i) => {
    const x = scoreOf(data, metric, i, a);
    const y = scoreOf(data, metric, i, b);
    return x === null || y === null ? NaN : sign * (x - y);
  };
}

function leadTest() {
  const [a, b] = [data.systems.indexOf(state.a), data.systems.indexOf(state.b)];
  if (a < 0 || b < 0) return null;
  const lead = leadOf(a, b);
  const least = (Number(state.min) || 0) * 10 ** data.metrics[metricIndex()].decimals;
  return (i) => lead(i) > least + 1e-9; // in floating point 0.3 − 0.2 is more than 0.1
}

/** Returns the positions of the segments to show, in the order to show them. */
function chosenSegments() {
  const tests = filters();
  const found = [];
  for (let i = 0; i < data.size; i++) {
    if (tests.every((test) => test(i))) found.push(i);
  }
  const key = sortKey();
  if (key) found.sort((x, y) => key(x) - key(y) || x - y);
  return found;
}

/** Returns what to sort by, or null for document order; a missing score goes last. */
function sortKey() {
  if (!state.sort) return null;
  const direction = state.sort[0] === "-" ? -1 : 1;
  let value = null;
  if (state.sort === "-lead") {
    const [a, b] = [data.systems.indexOf(state.a), data.systems.indexOf(state.b)];
    if (a >= 0 && b >= 0) value = leadOf(a, b);
  } else {
    const system = data.systems.indexOf(state.sort.slice(1));
    if (system >= 0) value = (i) => scoreOf(data, metricIndex(), i, system) ?? NaN;
  }
  return value && ((i) => (Number.isNaN(value(i)) ? Infinity : direction * value(i)));
}
