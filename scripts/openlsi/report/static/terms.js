/* What a metric means, where its name is pointed at or focused; without this file it is a link. */
(function () {
  "use strict";

  var texts = window.openlsiDefinitions || {};
  var GAP = 6;
  var owner = null;
  var leaving = 0;
  var tip = document.createElement("div");
  tip.id = "term-tip";
  tip.className = "term-tip";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  /* Above all else, also above a dialog, where the browser knows how. */
  if (tip.showPopover) tip.popover = "manual";
  document.body.appendChild(tip);

  function termAt(node) { return node.closest ? node.closest("[data-term]") : null; }

  function place() {
    if (!owner) return;
    var box = owner.getBoundingClientRect();
    var edge = document.documentElement.clientWidth - tip.offsetWidth - GAP;
    var below = box.bottom + GAP;
    var isRoom = below + tip.offsetHeight <= window.innerHeight || box.top < tip.offsetHeight + GAP;
    tip.style.left = Math.max(GAP, Math.min(box.left, edge)) + "px";
    tip.style.top = (isRoom ? below : box.top - tip.offsetHeight - GAP) + "px";
  }

  function hide() {
    clearTimeout(leaving);
    if (!owner) return;
    owner.removeAttribute("aria-describedby");
    owner = null;
    if (tip.popover) tip.hidePopover();
    tip.hidden = true;
  }

  function show(term) {
    clearTimeout(leaving);
    if (term === owner) return;
    hide();
    var text = texts[term.getAttribute("data-term")];
    if (!text) return;
    owner = term;
    tip.textContent = text;
    owner.setAttribute("aria-describedby", tip.id);
    tip.hidden = false;
    if (tip.popover) tip.showPopover();
    place();
  }

  /* The pointer may move on to the words, and has a moment to get there. */
  document.addEventListener("mouseover", function (event) {
    var term = termAt(event.target);
    if (term) show(term);
    else if (tip.contains(event.target)) clearTimeout(leaving);
    else if (owner && owner !== document.activeElement) {
      clearTimeout(leaving);
      leaving = setTimeout(hide, 300);
    }
  });
  document.addEventListener("focusin", function (event) {
    var term = termAt(event.target);
    if (term) show(term);
    else hide();
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape" || !owner) return;
    event.preventDefault();
    hide();
  });
  window.addEventListener("scroll", place, true);
  window.addEventListener("resize", hide);
  window.addEventListener("beforeprint", hide);
})();
