// Small charts as SVG, drawn at the width there is. Colours and fonts come from the style sheet.

const SVG = "http://www.w3.org/2000/svg";

/** Makes an SVG element; text in it never becomes markup. */
function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children.flat(Infinity).filter((child) => child !== ""));
  return node;
}

/** Makes a drawing; `label` says in words what it shows, or it is hidden from readers of words. */
function drawing(kind, width, height, label, ...children) {
  const spoken = label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" };
  return svg("svg", { class: `chart ${kind}`, viewBox: `0 0 ${width} ${height}`, width, height, ...spoken }, ...children);
}

/** Returns how wide a chart may be. */
function room(most) {
  return Math.max(260, Math.min(most, document.getElementById("main").clientWidth - 40));
}

function line(kind, x1, y1, x2, y2) {
  return svg("line", { class: kind, x1, y1, x2, y2 });
}

function words(kind, x, y, anchor, text) {
  return svg("text", { class: kind, x, y, "text-anchor": anchor }, text);
}

function hint(text) {
  return svg("title", {}, text);
}

/** Makes a bar that rises from `base`; the hint is on the whole height, so that small bars have one too. */
function column(kind, x, width, base, height, most, text) {
  return svg("g", { class: "column" },
    svg("rect", { class: "reach", x, y: base - most, width, height: most }),
    svg("rect", { class: kind, x: x + 0.5, y: base - height, width: Math.max(0.5, width - 1), height }),
    hint(text));
}

/** Returns the path of the baseline's mark: shapes, not only colours, tell marks apart. */
function diamond(x, y, size) {
  return `M${x} ${y - size}L${x + size} ${y}L${x} ${y + size}L${x - size} ${y}Z`;
}

/** Returns round numbers from one value to another: steps of 1, 2 or 5 times a power of ten. */
function ticksBetween(low, high, most = 6) {
  if (!(high > low)) return [low];
  const power = 10 ** Math.floor(Math.log10((high - low) / most));
  const step = [1, 2, 5, 10, 20].map((m) => m * power).find((s) => (high - low) / s <= most);
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) found.push(Number((k * step).toPrecision(12)));
  return found;
}

/** Sets a number of a metric, given in the metric's own unit. */
function shownNumber(value, decimals) {
  return value === null || value === undefined ? "–" : value.toFixed(decimals).replace("-", "−");
}

function shortName(name, most = 18) {
  const text = bare(name);
  return [...text].length > most ? [...text].slice(0, most - 1).join("") + "…" : text;
}

/** Names a system in a table's head or row; the baseline carries its mark. */
function systemName(k) {
  const base = data.systems[k] === data.baseline ? el("span", { class: "base-mark", title: t("baseline_mark") }, " ◆") : "";
  return [isolated(data.systems[k]), base];
}
