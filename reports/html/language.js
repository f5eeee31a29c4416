// The language switch of a page without a script of its own; the choice is part of the address.

const toggle = document.getElementById("language");
let chinese = false;

/** Follows the address where it names a language; a link to a place on the page names none. */
function readLanguage() {
  const asked = new URLSearchParams(location.hash.slice(1)).get("lang");
  if (asked) chinese = asked === "zh";
  showLanguage();
}

function showLanguage() {
  document.documentElement.lang = chinese ? "zh" : "en";
  toggle.hidden = false;
  toggle.textContent = chinese ? "English" : "中文";
  toggle.setAttribute("aria-label", chinese ? "Show this page in English" : "用中文显示本页");
}

toggle.addEventListener("click", () => {
  chinese = !chinese;
  history.replaceState(null, "", chinese ? "#lang=zh" : "#lang=en");
  showLanguage();
});
addEventListener("hashchange", readLanguage);
readLanguage();
