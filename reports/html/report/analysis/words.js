// Word accuracy by frequency: a line a system, and the numbers.

const MARKS = ["circle", "square", "triangle", "diamond"];

function wordSection() {
  const found = data.analysis.words;
  if (!found) return "";
  const rows = found.labels.map((label, k) => {
    const scores = found.f.map((line) => line[k]);
    return { label, size: found.words[k], scores, middle: median(scores), k };
  }).filter((row) => row.middle !== null);
  const names = found.leftOut.map((k) => bare(data.systems[k])).join(", ");
  return topic("word_accuracy", t("word_accuracy_lead"),
    found.leftOut.length ? el("p", { class: "notice" }, t("word_accuracy_left_out", { names })) : "",
    wordChart(found, rows),
    data.systems.length > 1 ? heatKey({ decimals: found.decimals }) : "",
    heatTable({
      id: "heat-words", head: t("frequency"), sizeHead: t("words_head"), metric: { higher: true, decimals: found.decimals },
      rows, sort: null, systems: found.systems, whole: found.systems.map(() => null), name: (row) => row.label,
      foot: unknownRow(found),
    }),
    el("p", { class: "lead" }, t("word_accuracy_cut", { cut: bare(found.cut) })));
}

function unknownRow(found) {
  const before = found.systems.length > 1 ? 3 : 2;
  return el("tfoot", {}, el("tr", {}, el("th", { scope: "row", colspan: before }, t("unknown_words")),
    found.unknown.map((share) => el("td", { class: "num" }, `${showWhole(share, found.decimals)} %`))));
}

/** Draws the systems shown as strong lines, each with marks of its own, the others thin. */
function wordChart(found, rows) {
  const width = room(760);
  const height = 250;
  const unit = 10 ** found.decimals;
  const values = rows.flatMap((row) => row.scores).filter((v) => v !== null).map((v) => v / unit);
  const marks = ticksBetween(Math.max(0, Math.min(...values) - 4), Math.min(100, Math.max(...values) + 4), 5);
  const [low, high] = [Math.min(marks[0], ...values), Math.max(marks[marks.length - 1], ...values)];
  const strong = found.systems.map((_, n) => n).filter((n) => isShown(found.systems[n])).slice(0, MARKS.length);
  const x = (k) => 40 + ((width - 64) * (k + 0.5)) / rows.length;
  const y = (v) => 14 + ((height - 54) * (high - v)) / (high - low || 1);
  const others = found.systems.map((_, n) => n).filter((n) => !strong.includes(n));
  const drawn = [...others.map((n) => wordLine(found, rows, n, x, y, -1)), ...strong.map((n, k) => wordLine(found, rows, n, x, y, k))];
  return el("figure", { class: "word-chart" },
    el("p", { class: "legend" }, strong.map((n, k) => el("span", { class: "key" },
      drawing("sample", 26, 12, "", line(`track-${k}`, 0, 6, 26, 6), wordMark(k, 13, 6)), isolated(data.systems[found.systems[n]])))),
    drawing("lines", width, height, t("word_chart"),
      marks.map((m) => [line("grid", 40, y(m), width - 12, y(m)), words("tick", 32, y(m) + 4, "end", String(m))]),
      rows.map((row, k) => words("tick", x(k), height - 22, "middle", row.label)),
      words("tick", (40 + width - 12) / 2, height - 4, "middle", t("frequency")),
      drawn));
}

function wordLine(found, rows, n, x, y, k) {
  const unit = 10 ** found.decimals;
  const points = rows.map((row, at) => ({ row, at, score: row.scores[n] })).filter((p) => p.score !== null);
  const path = points.map((p, order) => `${order ? "L" : "M"}${x(p.at).toFixed(1)} ${y(p.score / unit).toFixed(1)}`).join("");
  const name = bare(data.systems[found.systems[n]]);
  const dots = k < 0 ? [] : points.map((p) => svg("g", {}, wordMark(k, x(p.at), y(p.score / unit)),
    hint(t("word_point", { name, label: p.row.label, f: showWhole(p.score, found.decimals) }))));
  return svg("g", {}, svg("path", { class: k < 0 ? "thread" : `track-${k}`, d: path }, k < 0 ? hint(name) : ""), dots);
}

/** Draws the mark of a line: shapes, not only colours, tell lines apart. */
function wordMark(k, x, y) {
  const shapes = {
    circle: `M${x - 4} ${y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z`,
    square: `M${x - 4} ${y - 4}h8v8h-8Z`,
    triangle: `M${x} ${y - 5}L${x + 5} ${y + 4}H${x - 5}Z`,
    diamond: diamond(x, y, 5),
  };
  return svg("path", { class: `point-${k}`, d: shapes[MARKS[k]] });
}
