/* Searches, filters, sorts and turns the list. Texts are set as text, never as markup. */
(function () {
  "use strict";
  var ROWS = 50;
  var ORDER = ["In crisis", "At risk", "Struggling", "Coping", "Unknown", "–"];
  var list = window.packList || [];
  var body = document.querySelector("#households tbody");
  var form = document.getElementById("search");
  if (!body || !form) return;
  var fields = {};
  ["find", "contact", "campaign", "benefit", "class", "debt", "sort"].forEach(function (name) {
    fields[name] = document.getElementById(name);
  });
  var count = document.getElementById("count");
  var turn = document.getElementById("turn");
  var back = document.getElementById("back");
  var on = document.getElementById("on");
  var where = document.getElementById("where");
  var paper = document.getElementById("paper");
  var page = 0;
  var found = [];

  function plain(text) {
    return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }
  list.forEach(function (one) {
    one.text = plain(one.names + " " + one.address + " " + one.find + " " + one.ref);
    /* A postcode or a reference may be written without its blanks. */
    one.text += " " + one.text.replace(/[\s-]/g, "");
    one.benefits = one.missing.map(function (pair) { return pair[0]; });
  });

  function value(name) { return fields[name] ? fields[name].value : ""; }

  function matches(one, words) {
    var contact = value("contact"), debt = value("debt");
    return words.every(function (word) { return one.text.indexOf(word) >= 0; })
      && (!contact || one.may === (contact === "may"))
      && (!value("campaign") || one.campaigns.indexOf(value("campaign")) >= 0)
      && (!value("benefit") || one.benefits.indexOf(value("benefit")) >= 0)
      && (!value("class") || one["class"] === value("class"))
      && (!debt || one[debt] > 0);
  }

  function compare(a, b) {
    var by = value("sort");
    if (by === "class") return ORDER.indexOf(a["class"]) - ORDER.indexOf(b["class"]);
    if (by !== "names") return b[by] - a[by];
    return 0;
  }

  function pounds(number) {
    return "£" + number.toLocaleString("en-GB", {
      minimumFractionDigits: 2, maximumFractionDigits: 2
    });
  }

  function cell(row, kind, text, name) {
    var made = document.createElement(kind);
    if (text !== null) made.textContent = text;
    if (name) made.className = name;
    row.appendChild(made);
    return made;
  }

  function lines(into, texts) {
    texts.forEach(function (text, i) {
      if (i) into.appendChild(document.createElement("br"));
      into.appendChild(document.createTextNode(text));
    });
  }

  function show(one) {
    var row = document.createElement("tr");
    var head = cell(row, "th", null);
    head.scope = "row";
    var link = document.createElement("a");
    link.href = "households/" + encodeURIComponent(one.ref) + ".html";
    link.textContent = one.names;
    head.appendChild(link);
    cell(row, "td", one.address || "Not told");
    var contact = cell(row, "td", null);
    var mark = document.createElement(one.may ? "span" : "strong");
    mark.className = one.may ? "may" : "not";
    mark.textContent = one.may ? "May be contacted" : "Do not contact";
    contact.appendChild(mark);
    if (!one.may && one.why) {
      contact.appendChild(document.createElement("br"));
      contact.appendChild(document.createTextNode(one.why));
    }
    lines(cell(row, "td", null), one.missing.length
      ? one.missing.map(function (pair) { return pair[1]; }) : [one.none]);
    cell(row, "td", one["class"]);
    cell(row, "td", pounds(one.council_tax), "number");
    cell(row, "td", pounds(one.rent), "number");
    return row;
  }

  function draw() {
    var last = Math.max(1, Math.ceil(found.length / ROWS));
    page = Math.min(page, last - 1);
    var shown = found.slice(page * ROWS, (page + 1) * ROWS);
    body.replaceChildren.apply(body, shown.map(show));
    var noun = found.length === 1 ? " household" : " households";
    count.textContent = found.length.toLocaleString("en-GB") + noun
      + (found.length === list.length ? "" : " of " + list.length.toLocaleString("en-GB"))
      + (found.length ? "" : ": nothing matches");
    turn.hidden = last === 1;
    where.textContent = "Page " + (page + 1) + " of " + last;
    back.disabled = page === 0;
    on.disabled = page === last - 1;
  }

  function search() {
    var words = plain(value("find")).split(/\s+/).filter(Boolean);
    found = list.filter(function (one) { return matches(one, words); });
    found.sort(compare);
    page = 0;
    draw();
  }

  form.hidden = false;
  if (paper) paper.hidden = true;
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("input", search);
  form.addEventListener("reset", function () { setTimeout(search, 0); });
  back.addEventListener("click", function () { page -= 1; draw(); });
  on.addEventListener("click", function () { page += 1; draw(); });
  search();
})();
