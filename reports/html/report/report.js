// The page: sections, language, keys, and the start.

const DRAWN = { analysis: drawAnalysis, terminology: drawTerms, segments: drawSegments, findings: drawFindings };

/** Shows the section the state names and draws it if the script is its author. */
function draw() {
  document.documentElement.lang = state.lang === "zh" ? "zh" : "en";
  for (const view of HERE) document.getElementById(view).hidden = view !== state.view;
  for (const tab of document.querySelectorAll("#tabs a")) {
    if (tab.dataset.view === state.view) {
      tab.setAttribute("aria-current", "page");
      const bar = tab.parentElement; // on a phone the sections scroll sideways
      bar.scrollLeft = tab.offsetLeft - (bar.clientWidth - tab.offsetWidth) / 2;
    } else tab.removeAttribute("aria-current");
  }
  if (!data) return;
  const toggle = document.getElementById("language");
  toggle.hidden = false;
  toggle.textContent = t("language");
  toggle.setAttribute("aria-label", t("language_label"));
  const author = DRAWN[state.view];
  if (author) author(document.querySelector(`#${state.view} .drawn`));
  if (state.view === "segments" && state.seg !== "") showTarget();
}

function showTarget() {
  const target = document.querySelector(".segment.target");
  if (!target) return;
  target.scrollIntoView({ block: "start" });
  target.focus({ preventScroll: true });
}

// ---- Keys ----------------------------------------------------------------------------------

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || !data) return;
  if (event.key === "Escape" && event.target.id === "search") event.target.blur();
  if (event.target.closest("input, select, textarea")) return;
  if (/^[1-7]$/.test(event.key)) update({ view: VIEWS[Number(event.key) - 1] }, { leave: true });
  else if (event.key === "/") {
    event.preventDefault();
    if (state.view !== "segments") update({ view: "segments" }, { leave: true });
    document.getElementById("search").focus();
  } else if (state.view === "segments") onSegmentKey(event.key);
}

function onSegmentKey(key) {
  if (key === "[") document.querySelector(".previous:enabled")?.click();
  if (key === "]") document.querySelector(".next:enabled")?.click();
  if (key !== "j" && key !== "k") return;
  const all = [...document.querySelectorAll(".segment")];
  const at = all.indexOf(document.activeElement.closest(".segment"));
  const next = all[at < 0 ? 0 : at + (key === "j" ? 1 : -1)];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}

// ---- Start ---------------------------------------------------------------------------------

function followAddress() {
  state = readAddress();
  if (!goElsewhere(true)) draw();
}

/** Prints every section; the segments are the page on screen. */
function beforePrint() {
  for (const view of HERE) {
    document.getElementById(view).hidden = false;
    if (DRAWN[view] && view !== state.view) DRAWN[view](document.querySelector(`#${view} .drawn`));
  }
  for (const details of document.querySelectorAll("details.explain")) details.open = true;
}

async function start() {
  document.documentElement.classList.add("scripted");
  followAddress();
  try {
    data = index(await readData());
  } catch (error) {
    document.getElementById("trouble").hidden = false;
    throw error;
  }
  followAddress();
  addEventListener("popstate", followAddress);
  addEventListener("keydown", onKey);
  addEventListener("beforeprint", beforePrint);
  addEventListener("afterprint", draw);
  document.getElementById("language").addEventListener("click", () => update({ lang: state.lang === "zh" ? "" : "zh" }));
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault(); // the address belongs to the state
    document.getElementById("main").focus();
  });
  for (const tab of document.querySelectorAll("#tabs a")) {
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      update({ view: tab.dataset.view }, { leave: true });
      window.scrollTo(0, 0);
    });
  }
  document.documentElement.dataset.ready = "yes";
  (window.requestIdleCallback || setTimeout)(haystack); // the first search need not wait for it
}

start();
