// Setting a text: terms marked, differences marked, search hits marked, nothing invisible.

// ---- Invisible characters ------------------------------------------------------------------

function chipName(character) {
  const known = data.invisible.names[character];
  if (known) return known;
  return "U+" + character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
}

/** Returns a text for titles and options, invisible characters as [NAME]. */
function bare(text) {
  return text.replace(data.invisibles, (c) => `[${chipName(c)}]`);
}

/** Returns a text as nodes, invisible characters as chips. */
function nodes(text) {
  const found = [];
  let from = 0;
  for (const match of text.matchAll(data.invisibles)) {
    if (match.index > from) found.push(text.slice(from, match.index));
    found.push(el("span", { class: "chip" }, chipName(match[0])));
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push(text.slice(from));
  return found;
}

function isolated(text, lang) {
  return el("bdi", { lang, dir: "auto" }, nodes(text));
}

// ---- Differences ---------------------------------------------------------------------------

const TOKEN = /\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}])+(?:['’-](?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}])+)*|\S/gu;
const MOST_CELLS = 4000000;

/** Cuts a text into tokens: words, and single Chinese characters. */
function tokens(text) {
  return Array.from(text.matchAll(TOKEN), (m) => ({ word: m[0], start: m.index, end: m.index + m[0].length }));
}

/**
 * Compares two texts word by word. Only texts on screen are compared: that costs nothing to open
 * and nothing in the file, for any pair the reader chooses.
 * Returns the parts that only `text` has, and where in it words of `other` are missing; or null if
 * the texts are too long.
 */
function difference(text, other) {
  const a = tokens(other);
  const b = tokens(text);
  let head = 0;
  while (head < a.length && head < b.length && a[head].word === b[head].word) head++;
  let tail = 0;
  const rest = Math.min(a.length, b.length) - head;
  while (tail < rest && a[a.length - 1 - tail].word === b[b.length - 1 - tail].word) tail++;
  const left = a.slice(head, a.length - tail);
  const right = b.slice(head, b.length - tail);
  if (left.length * right.length > MOST_CELLS) return null;
  const kept = commonTokens(left, right);
  return collect(left, right, kept, b, head, text, other);
}

/** Returns the pairs of a longest common subsequence. */
function commonTokens(a, b) {
  const width = b.length + 1;
  const length = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i * width + j] = a[i].word === b[j].word
        ? length[(i + 1) * width + j + 1] + 1
        : Math.max(length[(i + 1) * width + j], length[i * width + j + 1]);
    }
  }
  const pairs = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i].word === b[j].word) pairs.push([i++, j++]);
    else if (length[(i + 1) * width + j] >= length[i * width + j + 1]) i++;
    else j++;
  }
  return pairs;
}

function collect(left, right, kept, all, head, text, other) {
  const added = [];
  const missing = [];
  let i = 0;
  let j = 0;
  for (const [x, y] of [...kept, [left.length, right.length]]) {
    if (y > j) added.push({ start: right[j].start, end: right[y - 1].end });
    if (x > i) {
      const next = all[head + j];
      missing.push({ at: next ? next.start : text.length, words: other.slice(left[i].start, left[x - 1].end) });
    }
    i = x + 1;
    j = y + 1;
  }
  return { added, missing };
}

// ---- Layers --------------------------------------------------------------------------------

/** Returns where a search finds something in a text. */
function hits(text, query) {
  const found = [];
  if (!query) return found;
  const folded = text.toLowerCase();
  if (folded.length !== text.length) return found; // a letter that changes length: places would shift
  for (let at = folded.indexOf(query); at >= 0; at = folded.indexOf(query, at + query.length)) {
    found.push({ start: at, end: at + query.length });
  }
  return found;
}

/**
 * Sets a text with its layers: `marks` (terms, with class and title), `diff`, and a search.
 * The text is cut where any layer begins or ends; each piece carries what covers it.
 */
function setText(text, lang, { marks = [], diff = null, query = "" } = {}) {
  const box = el("bdi", { lang, dir: "auto", class: "text" });
  const found = hits(text, query);
  const added = diff ? diff.added : [];
  const cuts = new Set([0, text.length]);
  for (const range of [...marks, ...found, ...added]) cuts.add(range.start).add(range.end);
  const missing = new Map((diff ? diff.missing : []).map((m) => [m.at, m.words]));
  for (const at of missing.keys()) cuts.add(at);
  const places = [...cuts].sort((x, y) => x - y);
  places.forEach((start, k) => {
    if (missing.has(start)) box.append(...deletion(missing.get(start), text[start - 1] || " ", text.slice(start), lang));
    const end = places[k + 1];
    if (end !== undefined) box.append(...piece(text, start, end, marks, found, added));
  });
  return box;
}

/** Sets missing words apart from the words around them; Chinese needs no space. */
function deletion(words, before, after, lang) {
  const apart = lang !== "zh";
  const lead = apart && !/[\s([“‘"]/.test(before) ? " " : "";
  const trail = apart && /^[\p{L}\p{N}]/u.test(after) ? " " : "";
  return [lead, el("del", {}, nodes(words)), trail];
}

function piece(text, start, end, marks, found, added) {
  const covers = (range) => range.start <= start && end <= range.end;
  let inside = nodes(text.slice(start, end));
  if (found.some(covers)) inside = [el("span", { class: "hit" }, inside)];
  const mark = marks.find(covers);
  if (mark) inside = [el("mark", { class: mark.class, title: mark.title }, inside)];
  if (added.some(covers)) inside = [el("ins", {}, inside)];
  return inside;
}
