"use strict";
(function () {
var sections = Array.prototype.slice.call(document.querySelectorAll("main>section"));
function show(moves) {
  var id = decodeURIComponent(location.hash.slice(1));
  var target = id ? document.getElementById(id) : null;
  var page = target && target.closest ? target.closest("main>section") : null;
  if (!page) page = sections[0];
  if (!page) return;
  sections.forEach(function (section) { section.classList.toggle("current", section === page); });
  var tab = page.id.indexOf("case-") === 0 ? "cases" : page.id;
  document.querySelectorAll("header nav a").forEach(function (link) {
    if (link.getAttribute("href") === "#" + tab) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
  });
  if (moves) {
    window.scrollTo(0, 0);
    var title = page.querySelector("h2");
    if (title && id !== "main") title.focus({ preventScroll: true });
  }
  document.dispatchEvent(new CustomEvent("pageshown", { detail: page }));
}
window.addEventListener("hashchange", function () { show(true); });
document.querySelectorAll("select[data-chooses]").forEach(function (list) {
  function choose() {
    document.querySelectorAll(".choice[data-group='" + list.dataset.chooses + "']").forEach(function (block) {
      block.classList.toggle("chosen", block.dataset.value === list.value);
    });
  }
  list.addEventListener("change", choose);
  choose();
});
document.addEventListener("DOMContentLoaded", function () { show(false); });
})();
