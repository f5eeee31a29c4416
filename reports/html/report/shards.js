// A report in parts: what is where, and the way from one file to the other.

/** Returns the file, seen from here, that shows a state; nothing if it is this one. */
function fileOf({ view, seg }) {
  if (!data) return "";
  if (data.home && !HERE.includes(view)) return data.home;
  if (data.shards && view === "segments" && seg !== "" && data.place.has(seg)) return data.shards.files[shardOf(data.place.get(seg))];
  return "";
}

/** Returns which part a segment is in. */
function shardOf(segment) {
  return data.shards.first.findLastIndex((first) => first <= segment);
}

/** Goes to the file that shows the state, if that is another one. */
function goElsewhere(replace = false) {
  const file = fileOf(state);
  if (!file) return false;
  location[replace ? "replace" : "assign"](address(state));
  return true;
}

/** Lists the parts, each with how many of the segments found are in it. */
function shardTable(found) {
  if (!data.shards) return "";
  const { first, files } = data.shards;
  const counts = new Array(files.length).fill(0);
  for (const i of found) counts[shardOf(i)]++;
  const heads = [["part_number", "num"], ["part_segments", ""], ["part_documents", ""], ["part_found", "num"]];
  return el("section", {},
    el("p", { class: "lead" }, t("parts_lead", { n: files.length })),
    el("details", { class: "folded", open: true }, el("summary", {}, t("parts_note")),
      el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("parts_note") }, el("table", { class: "plain" },
        el("thead", {}, el("tr", {}, heads.map(([key, kind]) => el("th", { scope: "col", class: kind }, t(key))))),
        el("tbody", {}, files.map((file, n) => shardRow(n, first[n], (first[n + 1] ?? data.size) - 1, counts[n])))))));
}

function shardRow(n, first, last, count) {
  const ends = (of) => t("part_range", { first: of(first), last: of(last) });
  const homes = (i) => bare(data.documents[data.segments.documents[i]][0]);
  const href = data.shards.files[n] + hashOf({ ...state, page: "1", seg: "" });
  const inside = state.q ? el("a", { href }, t("part_search")) : count.toLocaleString("en"); // texts are there
  return el("tr", {},
    el("th", { scope: "row", class: "num" }, el("a", { href, "aria-label": t("part_open", { number: n + 1 }) }, String(n + 1))),
    el("td", {}, ends((i) => `${(i + 1).toLocaleString("en")} (${bare(data.segments.ids[i])})`)),
    el("td", {}, ends(homes)),
    el("td", { class: "num" }, inside));
}

/** Draws a segment whose texts are in another file: its name, its place, its scores. */
function pointer(i) {
  const id = data.segments.ids[i];
  const [home, title] = data.documents[data.segments.documents[i]];
  const systems = data.systems.map((_, k) => k).filter(isShown);
  return el("article", { id: "seg-" + i, class: "segment pointer", tabindex: "-1", "aria-label": bare(id) },
    el("header", {},
      el("h4", {}, el("a", { href: address({ ...BLANK, lang: state.lang, sys: state.sys, view: "segments", seg: id }) }, isolated(id))),
      el("span", { class: "place" }, isolated(title || home)), el("span", { class: "place" }, t("in_part", { number: shardOf(i) + 1 }))),
    el("p", { class: "pointer-scores" }, data.metrics.length ? systems.map((k) =>
      el("span", {}, isolated(data.systems[k]), " ", scores(i, k))) : ""));
}
