// The controls of the segment browser.

function drawSegments(box) {
  const list = el("div", { class: "articles", id: "articles" });
  box.replaceChildren(controls(), data.shards ? "" : legend(), list);
  drawArticles();
}

function controls() {
  const search = el("input", {
    type: "search", id: "search", placeholder: t(data.shards ? "search_ids" : "search_hint"), autocomplete: "off", spellcheck: "false",
    oninput: () => refine({ q: search.value }),
  });
  search.value = state.q;
  const set = (key) => (value) => refine({ [key]: value }, DECISIVE.includes(key));
  const clear = () => update({ ...pick(BLANK, FILTERS), sort: "", page: "1", seg: "" }, { focus: "search" });
  const narrow = matchMedia("(max-width: 48rem)").matches;
  return el("form", { class: "controls", onsubmit: (event) => event.preventDefault() },
    el("label", { class: "field grow", for: "search" }, el("span", {}, t("search")), search),
    el("details", { class: "filters", open: filtersOpen ?? !narrow, ontoggle: (event) => { filtersOpen = event.target.open; } },
      el("summary", {}, t("filters")),
      el("div", { class: "fields" },
        choice("flag", t("flag"), state.flag, flagChoices(), set("flag")), documentControl(set), partControl(set), termControls(set)),
      el("div", { class: "fields" },
        leadControls(set),
        choice("sort", t("sort"), state.sort, sortChoices(), set("sort")),
        choice("diff", t("compare"), state.diff || defaultCompared(), compareChoices(), set("diff")),
        button(t("reset"), clear, { class: "quiet", id: "reset" })),
      systemPicker()));
}

let filtersOpen = null; // as the reader left it; at first open where there is room

function documentControl(set) {
  if (data.documents.length < 2) return "";
  const documents = data.documents.map(([id, title]) => [id, title ? `${id} · ${title}` : id]);
  return choice("doc", t("document"), state.doc, [["", t("all_documents")], ...documents], set("doc"));
}

function pick(from, keys) {
  return Object.fromEntries(keys.map((key) => [key, from[key]]));
}

const DECISIVE = ["concept", "a", "b"]; // what decides the choices of other controls

/** Applies a filter; the controls are drawn anew only if their choices may have changed. */
function refine(patch, redraw = false) {
  const change = { ...patch, page: "1", seg: "" };
  if (patch.concept !== undefined) Object.assign(change, { form: "", on: "" });
  if (redraw) {
    update(change, { focus: Object.keys(patch)[0] });
  } else {
    state = { ...state, ...change };
    history.replaceState(null, "", address(state));
    drawArticles();
  }
}

function flagChoices() {
  const keys = data.terms ? Object.keys(FLAG_CHOICES) : ["", "empty", "finding"];
  return keys.map((key) => [key, t("flag_" + (key || "all"))]);
}

function sortChoices() {
  const options = [["", t("sort_order")]];
  if (state.a && state.b) options.push(["-lead", t("sort_lead", { a: bare(state.a), b: bare(state.b) })]);
  if (!data.metrics.length) return options;
  for (const name of data.systems) {
    options.push(["+" + name, t("sort_low", { name })], ["-" + name, t("sort_high", { name })]);
  }
  return options;
}

function defaultCompared() {
  return data.references.length ? "r0" : "-";
}

function compareChoices() {
  const references = data.references.map((name, k) => ["r" + k, t("reference", { name })]);
  const systems = data.systems.map((name, k) => ["s" + k, name]);
  return [["-", t("compare_none")], ...references, ...systems];
}

function termControls(set) {
  if (!data.terms || !data.terms.concepts.length) return [];
  const concepts = data.terms.concepts.map((c) => [c.id, `${c.source[0] || c.id} · ${(c.target[0] || [""])[0]}`]);
  const found = [choice("concept", t("term"), state.concept, [["", t("all_terms")], ...concepts], set("concept"))];
  if (state.concept) {
    const forms = formsOf(state.concept).map((form) => [form, form]);
    const texts = data.texts.map((_, k) => [String(k), nameOf(k)]);
    const every = [["", t("all_renderings")], ...forms, ["-", t("not_rendered")]];
    found.push(choice("form", t("rendering"), state.form, every, set("form")));
    found.push(choice("on", t("in_text"), state.on, [["", t("any_text")], ...texts], set("on")));
  }
  return found;
}

function formsOf(id) {
  const concept = data.terms.concepts.findIndex((c) => c.id === id);
  return formTable(concept).map((form) => form.text);
}

function leadControls(set) {
  if (!data.metrics.length) return [];
  const metrics = data.metrics.map((m) => [m.name, m.name]);
  const found = data.metrics.length > 1
    ? [choice("metric", t("metric"), data.metrics[metricIndex()].name, metrics, set("metric"))] : [];
  if (data.systems.length < 2) return found;
  const systems = [["", t("better_any")], ...data.systems.map((name) => [name, name])];
  const least = el("input", { type: "number", id: "min", min: "0", step: "any", oninput: () => refine({ min: least.value }) });
  least.value = state.min;
  return [...found, el("div", { class: "lead-group" },
    choice("a", t("better"), state.a, systems, set("a")),
    choice("b", t("than"), state.b, systems, set("b")),
    el("label", { class: "field tiny", for: "min" }, el("span", {}, t("by_more")), least))];
}

function systemPicker() {
  if (data.systems.length < 2) return "";
  const boxes = data.systems.map((name, k) => {
    const input = el("input", { type: "checkbox", id: "sys" + k, onchange: () => pickSystems() });
    input.checked = isShown(k);
    return el("label", { class: "pick", for: "sys" + k }, input, el("span", {}, isolated(name)));
  });
  const pickSystems = () => update({
    sys: data.systems.filter((_, k) => boxes[k].firstChild.checked), page: "1",
  }, { focus: document.activeElement?.id });
  const everything = button(t("all"), () => update({ sys: [...data.systems], page: "1" }), { class: "quiet" });
  const count = data.systems.filter((_, k) => isShown(k)).length;
  const few = count < data.systems.length
    ? el("span", { class: "note" }, t("systems_of", { n: count, total: data.systems.length })) : "";
  return el("fieldset", { class: "picker" }, el("legend", {}, t("systems")), boxes, everything, few);
}

function legend() {
  const entries = data.terms
    ? ["preferred", "admitted", "deprecated", "forbidden", "other-concept"].map((status) =>
      el("mark", { class: "st-" + status }, statusWord(status))) : [];
  return el("p", { class: "legend", "aria-label": t("legend") },
    entries, el("ins", {}, t("legend_ins")), el("del", {}, t("legend_del")));
}
