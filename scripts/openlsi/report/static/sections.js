/* Tabs, dialogs and words behind a mark. Without this file all of it stands open on the page. */
(function () {
  "use strict";

  function list(nodes) { return Array.prototype.slice.call(nodes); }

  function button(className, text) {
    var made = document.createElement("button");
    made.type = "button";
    made.className = className;
    made.textContent = text;
    return made;
  }

  function tabs(box) {
    var panels = list(box.children).filter(function (panel) { return panel.className === "tab"; });
    var bar = document.createElement("div");
    bar.className = "tab-list";
    bar.setAttribute("role", "tablist");
    var buttons = panels.map(function (panel) {
      var made = button("tab-button", panel.querySelector(".tab-label").textContent);
      made.id = panel.id + "-tab";
      made.setAttribute("role", "tab");
      made.setAttribute("aria-controls", panel.id);
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", made.id);
      panel.tabIndex = 0;
      bar.appendChild(made);
      return made;
    });

    function choose(place, withFocus) {
      panels.forEach(function (panel, i) {
        panel.hidden = i !== place;
        buttons[i].setAttribute("aria-selected", String(i === place));
        buttons[i].tabIndex = i === place ? 0 : -1;
      });
      if (withFocus) buttons[place].focus();
    }

    /* A link into a tab opens it. */
    function follow() {
      var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      panels.forEach(function (panel, i) { if (target && panel.contains(target)) choose(i, false); });
      if (target && box.contains(target)) target.scrollIntoView();
    }

    buttons.forEach(function (made, place) {
      made.addEventListener("click", function () { choose(place, false); });
      made.addEventListener("keydown", function (event) {
        var last = buttons.length - 1;
        var next = { ArrowRight: place === last ? 0 : place + 1, ArrowLeft: place === 0 ? last : place - 1,
          Home: 0, End: last }[event.key];
        if (next === undefined) return;
        event.preventDefault();
        choose(next, true);
      });
    });
    box.insertBefore(bar, box.firstChild);
    box.classList.add("tabs-on");
    choose(Math.max(0, panels.findIndex(function (panel) {
      return panel.hasAttribute("data-first");
    })), false);
    follow();
    window.addEventListener("hashchange", follow);
  }

  function modal(details) {
    var dialog = document.createElement("dialog");
    dialog.className = "dialog";
    var title = document.createElement("p");
    title.className = "dialog-title";
    title.id = details.id + "-title";
    title.textContent = details.getAttribute("data-title");
    dialog.setAttribute("aria-labelledby", title.id);
    dialog.appendChild(title);
    dialog.appendChild(details.querySelector(".details-content"));
    var close = button("button-plain", "Close");
    close.addEventListener("click", function () { dialog.close(); });
    dialog.appendChild(close);
    var open = button("button-plain", details.getAttribute("data-button"));
    open.setAttribute("aria-haspopup", "dialog");
    open.setAttribute("aria-label", open.textContent + ": " + title.textContent);
    open.addEventListener("click", function () { dialog.showModal(); });
    var box = document.createElement("div");
    box.className = "modal-box";
    box.id = details.id;
    box.appendChild(open);
    box.appendChild(dialog);
    details.replaceWith(box);
  }

  function info(mark) {
    var text = mark.querySelector(".info-text");
    var made = button("info-button", "i");
    text.id = mark.id + "-text";
    made.setAttribute("aria-label", "What this means");
    made.setAttribute("aria-expanded", "false");
    made.setAttribute("aria-controls", text.id);
    text.hidden = true;
    made.addEventListener("click", function () {
      text.hidden = !text.hidden;
      made.setAttribute("aria-expanded", String(!text.hidden));
    });
    mark.insertBefore(made, text);
  }

  /* A link to what is folded, or into it, unfolds it. */
  function reveal() {
    var node = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!node) return;
    for (var outer = node; outer; outer = outer.parentElement) {
      if (outer.tagName === "DETAILS") outer.open = true;
    }
    node.scrollIntoView();
  }

  var kinds = [[".tabs", tabs], ["details.modal", modal], [".info", info]];
  kinds.forEach(function (kind) { list(document.querySelectorAll(kind[0])).forEach(kind[1]); });
  document.addEventListener("openlsi:shown", function (event) {
    event.detail.forEach(function (part) {
      kinds.forEach(function (kind) {
        list(part.querySelectorAll(kind[0])).forEach(kind[1]);
        if (part.matches(kind[0])) kind[1](part);
      });
    });
  });
  reveal();
  window.addEventListener("hashchange", reveal);
})();
