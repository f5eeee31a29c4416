// The language switch of a page without a script of its own; the choice is part of the address.

const toggle = document.getElementById("language");
const chinese = () => new URLSearchParams(location.hash.slice(1)).get("lang") === "zh";

function showLanguage() {
  document.documentElement.lang = chinese() ? "zh" : "en";
  toggle.hidden = false;
  toggle.textContent = chinese() ? "English" : "中文";
  toggle.setAttribute("aria-label", chinese() ? "Show this page in English" : "用中文显示本页");
}

toggle.addEventListener("click", () => {
  history.replaceState(null, "", chinese() ? "#" : "#lang=zh");
  showLanguage();
});
addEventListener("hashchange", showLanguage);
showLanguage();
