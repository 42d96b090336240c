/* Sorting, searching, paging and folding of tables. Without this file every row is on the page. */
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

  function list(nodes) { return Array.prototype.slice.call(nodes); }

  function sortKey(cell, isNumber) {
    var text = cell.hasAttribute("data-sort") ? cell.getAttribute("data-sort") : cell.textContent.trim();
    if (!isNumber) return text.toLocaleLowerCase();
    var number = parseFloat(text.replace(/,/g, ""));
    return isNaN(number) ? -Infinity : number;
  }

  function isData(row) { return !/\b(group|subtotal)-row\b/.test(row.className); }

  /* A group is a table body: its head, its rows, its subtotal. An ungrouped table is one group. */
  function groupOf(body) {
    var rows = list(body.rows);
    return {
      body: body,
      head: rows.filter(function (row) { return row.className === "group-row"; })[0],
      foot: rows.filter(function (row) { return row.className === "subtotal-row"; })[0],
      rows: rows.filter(isData),
      open: true
    };
  }

  function enhance(figure) {
    var table = figure.querySelector("table");
    var groups = list(table.tBodies).map(groupOf);
    var titles = list(table.tHead.rows[table.tHead.rows.length - 1].cells);
    var size = parseInt(figure.getAttribute("data-page-rows"), 10) || 0;
    var folding = figure.getAttribute("data-groups");
    var page = 0;
    var words = "";
    var pager = null;
    var status = create("p", { className: "table-status", role: "status" });
    figure.querySelector(".table-scroll").insertAdjacentElement("afterend", status);

    function every() {
      return groups.reduce(function (rows, group) { return rows.concat(group.rows); }, []);
    }

    function matches(row) {
      return !words || row.textContent.toLocaleLowerCase().indexOf(words) >= 0;
    }

    function show() {
      var all = every();
      var found = all.filter(matches);
      var pages = size ? Math.max(1, Math.ceil(found.length / size)) : 1;
      page = Math.min(page, pages - 1);
      var visible = size ? found.slice(page * size, (page + 1) * size) : found;
      groups.forEach(function (group) {
        var kept = group.rows.filter(matches);
        var isOpen = group.open || words !== "";
        group.rows.forEach(function (row) {
          row.hidden = visible.indexOf(row) < 0 || !isOpen;
          row.classList.toggle("print-row", kept.indexOf(row) >= 0);
        });
        if (group.head) group.head.hidden = !kept.length;
        if (group.foot) group.foot.hidden = !kept.length || words !== "";
      });
      /* The total is of all rows: beside some of them it would be read as theirs. */
      if (table.tFoot) table.tFoot.hidden = words !== "" && found.length < all.length;
      if (pager) {
        pager.previous.disabled = page === 0;
        pager.next.disabled = page >= pages - 1;
        pager.text.textContent = found.length
          ? "Rows " + (page * size + 1) + " to " + (page * size + visible.length) + " of " + found.length
          : "No rows";
      }
      status.textContent = words ? found.length + " of " + all.length + " rows match" : "";
    }

    function number() {
      var next = 0;
      every().forEach(function (row) {
        var cell = row.querySelector(".row-number");
        if (cell) cell.textContent = String(next += 1);
      });
    }

    function sortBy(head, column) {
      var down = head.getAttribute("aria-sort") === "ascending";
      var isNumber = head.getAttribute("data-kind") === "number";
      titles.forEach(function (cell) {
        if (cell.querySelector(".sort")) cell.setAttribute("aria-sort", "none");
      });
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      groups.forEach(function (group) {
        group.rows = group.rows
          .map(function (row, i) { return [sortKey(row.cells[column], isNumber), i, row]; })
          .sort(function (a, b) {
            var order = a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
            return order ? (down ? -order : order) : a[1] - b[1];
          })
          .map(function (entry) { return entry[2]; });
        group.rows.forEach(function (row) { group.body.insertBefore(row, group.foot || null); });
      });
      number();
      page = 0;
      show();
    }

    function addSorting() {
      titles.forEach(function (head, column) {
        if (!head.textContent.trim() || head.hasAttribute("data-row-number")) return;
        var button = create("button", { type: "button", className: "sort" });
        /* What is said of a column is read, not pressed. */
        var note = head.querySelector(".head-note");
        var term = head.querySelector("a.term");
        while (head.firstChild && head.firstChild !== note) button.appendChild(head.firstChild);
        /* A button holds no link: it tells what its name means itself. */
        if (term) {
          button.setAttribute("data-term", term.getAttribute("data-term"));
          term.replaceWith(term.textContent);
        }
        head.insertBefore(button, note);
        if (!head.hasAttribute("aria-sort")) head.setAttribute("aria-sort", "none");
        button.addEventListener("click", function () { sortBy(head, column); });
      });
    }

    function addSearch() {
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

    function addFolding() {
      groups.forEach(function (group) {
        var cell = group.head && group.head.cells[0];
        if (!cell) return;
        var button = create("button", { type: "button", className: "fold" });
        while (cell.firstChild) button.appendChild(cell.firstChild);
        cell.appendChild(button);
        group.open = folding === "open";
        button.setAttribute("aria-expanded", String(group.open));
        button.addEventListener("click", function () {
          group.open = !group.open;
          button.setAttribute("aria-expanded", String(group.open));
          show();
        });
      });
    }

    function addPages() {
      var bar = create("p", { className: "pager" });
      pager = {
        previous: create("button", { type: "button", textContent: "Previous" }, bar),
        text: create("span", { role: "status" }, bar),
        next: create("button", { type: "button", textContent: "Next" }, bar)
      };
      pager.previous.addEventListener("click", function () { page -= 1; show(); });
      pager.next.addEventListener("click", function () { page += 1; show(); });
      status.insertAdjacentElement("beforebegin", bar);
    }

    var count = every().length;
    if (figure.hasAttribute("data-sortable") && count > 1) addSorting();
    if (figure.hasAttribute("data-search")) addSearch();
    if (folding) addFolding();
    if (size && count > size) addPages();
    show();
  }

  list(document.querySelectorAll(".table-figure")).forEach(enhance);
  document.addEventListener("openlsi:shown", function (event) {
    event.detail.forEach(function (part) {
      if (part.matches(".table-figure")) enhance(part);
      list(part.querySelectorAll(".table-figure")).forEach(enhance);
    });
  });
})();
