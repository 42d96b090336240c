/* Sorting, searching and paging of tables. Without this file every row is on the page. */
(function () {
  "use strict";

  function create(name, properties, parent) {
    var element = document.createElement(name);
    Object.keys(properties).forEach(function (key) {
      if (key in element) element[key] = properties[key];
      else element.setAttribute(key, properties[key]);
    });
    if (parent) parent.appendChild(element);
    return element;
  }

  function sortKey(cell, isNumber) {
    var text = cell.hasAttribute("data-sort") ? cell.getAttribute("data-sort") : cell.textContent.trim();
    if (!isNumber) return text.toLocaleLowerCase();
    var number = parseFloat(text.replace(/,/g, ""));
    return isNaN(number) ? -Infinity : number;
  }

  function enhance(figure) {
    var table = figure.querySelector("table");
    var body = table.tBodies[0];
    var rows = Array.prototype.slice.call(body.rows);
    var size = parseInt(figure.getAttribute("data-page-rows"), 10) || 0;
    var page = 0;
    var words = "";
    var pager = null;
    var status = create("p", { className: "visually-hidden", role: "status" }, figure);

    function matching() {
      return rows.filter(function (row) {
        return !words || row.textContent.toLocaleLowerCase().indexOf(words) >= 0;
      });
    }

    function show() {
      var found = matching();
      var pages = size ? Math.max(1, Math.ceil(found.length / size)) : 1;
      page = Math.min(page, pages - 1);
      var visible = size ? found.slice(page * size, (page + 1) * size) : found;
      rows.forEach(function (row) {
        row.hidden = visible.indexOf(row) < 0;
        row.classList.toggle("print-row", found.indexOf(row) >= 0);
      });
      if (pager) {
        pager.previous.disabled = page === 0;
        pager.next.disabled = page >= pages - 1;
        pager.text.textContent = found.length
          ? "Rows " + (page * size + 1) + " to " + (page * size + visible.length) + " of " + found.length
          : "No rows match";
      }
      if (words) status.textContent = found.length + " rows match";
    }

    function sortBy(head, column) {
      var down = head.getAttribute("aria-sort") === "ascending";
      var isNumber = head.getAttribute("data-kind") === "number";
      Array.prototype.forEach.call(table.tHead.rows[0].cells, function (cell) {
        if (cell.querySelector("button")) cell.setAttribute("aria-sort", "none");
      });
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      rows = rows.map(function (row, i) { return [sortKey(row.cells[column], isNumber), i, row]; })
        .sort(function (a, b) {
          var order = a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
          return order ? (down ? -order : order) : a[1] - b[1];
        })
        .map(function (entry) { return entry[2]; });
      rows.forEach(function (row) { body.appendChild(row); });
      page = 0;
      show();
    }

    if (figure.hasAttribute("data-sortable") && rows.length > 1) {
      Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, column) {
        if (!head.textContent.trim()) return;
        var button = create("button", { type: "button", className: "sort" });
        while (head.firstChild) button.appendChild(head.firstChild);
        head.appendChild(button);
        head.setAttribute("aria-sort", "none");
        button.addEventListener("click", function () { sortBy(head, column); });
      });
    }
    if (figure.hasAttribute("data-search")) {
      var box = create("p", { className: "table-search" });
      var label = create("label", {}, box);
      label.appendChild(document.createTextNode("Search this table "));
      var input = create("input", { type: "search", autocomplete: "off" }, label);
      input.addEventListener("input", function () {
        words = input.value.trim().toLocaleLowerCase();
        page = 0;
        show();
      });
      figure.insertBefore(box, figure.firstChild);
    }
    if (size && rows.length > size) {
      var bar = create("p", { className: "pager" });
      pager = {
        previous: create("button", { type: "button", textContent: "Previous" }, bar),
        text: create("span", {}, bar),
        next: create("button", { type: "button", textContent: "Next" }, bar)
      };
      pager.previous.addEventListener("click", function () { page -= 1; show(); });
      pager.next.addEventListener("click", function () { page += 1; show(); });
      figure.querySelector(".table-scroll").insertAdjacentElement("afterend", bar);
    }
    show();
  }

  Array.prototype.forEach.call(document.querySelectorAll(".table-figure"), enhance);

  /* The list of pages is open without scripts; on a small screen it gives way to the page. */
  var list = document.querySelector(".nav-details");
  var small = window.matchMedia("(max-width: 60em)");
  function fold() { list.open = !small.matches; }
  if (list) {
    fold();
    small.addEventListener("change", fold);
  }

  /* Paper has no disclosure to click on. */
  var opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.prototype.filter.call(
      document.querySelectorAll("details.details:not([open])"),
      function (details) { details.open = true; return true; }
    );
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (details) { details.open = false; });
  });
})();
