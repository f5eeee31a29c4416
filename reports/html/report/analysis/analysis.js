// The analysis: where the difference lies. Each topic is a file beside this one.

function drawAnalysis(box) {
  if (!data.metrics.length) {
    box.replaceChildren(el("p", { class: "lead" }, t("analysis_none")), checkSection());
    return;
  }
  const topics = [
    ...PART_KINDS.map(partSection), distributionSection(), pairSection(),
    phraseSection(), wordSection(), extremesSection(), checkSection(),
  ].filter(Boolean);
  box.replaceChildren(el("p", { class: "lead" }, t("analysis_lead")), analysisControls(topics), ...topics);
}

function analysisControls(topics) {
  const metrics = data.metrics.map((m) => [m.name, m.name]);
  const metric = choice("metric", t("metric"), data.metrics[metricIndex()].name, metrics, (name) => update({ metric: name }, { focus: "metric" }));
  const ways = topics.map((section) => {
    const heading = section.firstChild;
    const go = () => { heading.scrollIntoView({ block: "start" }); heading.focus({ preventScroll: true }); };
    return el("li", {}, button(heading.textContent, go, { class: "way" }));
  });
  const lower = data.metrics[metricIndex()].higher ? "" : el("span", { class: "lower" }, "↓ " + t("lower_is_better"));
  return el("div", { class: "analysis-head" }, data.metrics.length > 1 ? metric : "", lower,
    el("nav", { class: "contents", "aria-label": t("go_to") }, el("ul", { class: "ways" }, ways)));
}

/** Makes one topic: a heading, a line that explains it, and what it shows. */
function topic(key, lead, ...content) {
  return el("div", { class: "topic", "data-topic": key },
    el("h3", { tabindex: "-1" }, t(key)), el("p", { class: "lead" }, lead), ...content);
}
