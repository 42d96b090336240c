// What a page of either build says, in reading order: headings and sentences, single figures,
// tables and charts. Text is taken from the page as a browser shows it, since Evidence fills its
// tables and draws its charts only there.
function openlsiRead(isEvidence) {
  "use strict";
  // The SQL of a metric is no figure, and a third of a megabyte of it.
  var SKIPPED = isEvidence
    ? "pre, dialog, script, style, svg, button:not(:has(> .marker)), [aria-hidden=true], .table-footer, .chart-footer, .noresults, .search-container, .print\\:hidden.contents"
    : "pre, script, svg, .download, .figure-note, .alert-word, .input, .symbols";
  var BLOCKS = "p, ul, ol, li, h1, h2, h3, h4, h5, h6, pre, div, section, table, dl, dt, dd, details, summary, figure, blockquote";
  // A value that is not shown: Evidence prints a dash for it, ours the mark that says why.
  var NOT_SHOWN = /^(-|–|\[[a-z]+\])$/;
  var parts = [];

  function words(text) {
    return text.replace(/\s+/g, " ").replace(/ ([,.;:)])/g, "$1").trim();
  }

  function figure(text) {
    var told = words(text.replace(/[▲▼—]/g, " ").replace(/\u2013/g, "-")).replace(/^- (?=\S)/, "");
    // A mark of quality stands beside its value and has no counterpart in Evidence.
    told = told.replace(/(\S) \[[a-z]\]$/, "$1");
    return NOT_SHOWN.test(told) || told === "" ? "-" : told;
  }

  function all(selector, within) {
    return Array.prototype.slice.call(within.querySelectorAll(selector));
  }

  function without(node, selector) {
    var copy = node.cloneNode(true);
    all(selector, copy).forEach(function (one) { one.remove(); });
    return copy.textContent;
  }

  function table(node) {
    var title = node.querySelector(isEvidence ? "h4" : "caption .figure-title");
    var heads = all("thead tr:last-child th", node).map(function (cell) {
      return words(without(cell, ".head-note, svg"));
    });
    var rows = all("tr", node.querySelector("table")).map(function (row) {
      // Ours heads a row by its first cell.
      return all(isEvidence ? "td" : "td, th[scope=row]", row).map(function (cell) {
        return figure(without(cell, "svg"));
      });
    }).filter(function (cells) { return cells.length; });
    // Evidence puts a row's link into a column of its own, ours into the row's first cell.
    if (isEvidence && heads[heads.length - 1] === "Links") {
      heads.pop();
      rows.forEach(function (cells) { if (cells.length > heads.length) cells.pop(); });
    }
    parts.push({ table: title ? words(title.textContent) : "", heads: heads, rows: rows });
  }

  function evidenceValue(node) {
    var paragraphs = all("p", node);
    var shown = { value: words(paragraphs[0].textContent), shown: [figure(node.querySelector(".text-xl").textContent)] };
    if (paragraphs[1]) shown.shown.push(comparison(paragraphs[1]));
    parts.push(shown);
  }

  function comparison(node) {
    var pieces = all("span", node).filter(function (one) { return !one.querySelector("span"); })
      .map(function (one) { return words(one.textContent.replace(/[▲▼—]/g, " ")); }).filter(Boolean);
    var title = pieces.pop();
    return figure(pieces.join(" ")) + " " + title;
  }

  function ourValue(node) {
    var shown = { value: words(node.querySelector(".big-value-title").textContent), shown: [figure(node.querySelector(".big-value-figure").textContent)] };
    var other = node.querySelector(".big-value-comparison");
    if (other) shown.shown.push(figure(without(other, ".delta-text")) + " " + words(other.querySelector(".delta-text").textContent));
    parts.push(shown);
  }

  function evidenceChart(node) {
    var drawn = node.querySelector("[_echarts_instance_]");
    var known = window[Symbol.for("__evidence-chart-window-debug__")] || {};
    var chart = drawn && known[drawn.getAttribute("_echarts_instance_")];
    if (!chart) { parts.push({ chart: words(node.textContent), series: null }); return; }
    var option = chart.getOption();
    var swapped = !!option.yAxis && option.yAxis[0].type === "category";
    var series = {};
    option.series.forEach(function (one) {
      var points = (one.data || []).map(function (item) { return Array.isArray(item) ? item : item && item.value; })
        .filter(function (point) { return Array.isArray(point) && point.length >= 2; })
        .map(function (point) { return swapped ? [point[1], point[0]] : [point[0], point[1]]; })
        .map(function (point) { return [place(point[0]), point[1]]; });
      if (points.length) series[one.name || ""] = (series[one.name || ""] || []).concat(points);
    });
    parts.push({ chart: words(option.title && option.title[0] ? option.title[0].text || "" : ""), series: series });
  }

  function place(x) { return x instanceof Date ? x.toISOString().slice(0, 10) : String(x); }

  // A map tells its figures to whoever points at an area.
  function evidenceMap(node) {
    var title = node.querySelector("h4");
    var areas = all("path.leaflet-interactive", node).map(function (area) {
      area.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
      var tip = all(".leaflet-tooltip", node).pop();
      var told = tip ? all("*", tip).filter(function (one) { return !one.childElementCount; })
        .map(function (one) { return words(one.textContent); }).filter(Boolean) : [];
      area.dispatchEvent(new MouseEvent("mouseout", { bubbles: true }));
      return told;
    });
    parts.push({ map: title ? words(title.textContent) : "", areas: areas });
  }

  function ourMap(node) {
    var title = node.querySelector(".figure-title");
    parts.push({ map: title ? words(title.textContent) : "", areas: all(".chart-data tbody tr", node).map(function (row) {
      return all("td", row).map(function (cell) { return figure(cell.textContent); });
    }) });
  }

  function ourChart(node) {
    var title = node.querySelector(".figure-title");
    var link = node.querySelector(".download a");
    parts.push({ chart: title ? words(title.textContent) : "", file: link ? link.getAttribute("href") : null });
  }

  function component(node) {
    if (isEvidence) {
      if (node.matches(".table-container")) return table;
      if (node.matches(".chart-container")) return evidenceChart;
      if (node.querySelector(":scope > div > .leaflet-container")) return evidenceMap;
      if (node.matches("div.inline-block") && node.querySelector(":scope > .text-xl")) return evidenceValue;
      return null;
    }
    if (node.matches(".table-figure")) return table;
    if (node.matches("figure.chart-map")) return ourMap;
    if (node.matches("figure.chart")) return ourChart;
    return node.matches(".big-value") ? ourValue : null;
  }

  function shownText(node) {
    var copy = document.createElement("div");
    copy.append(node.cloneNode(true));
    if (!isEvidence) {
      all(".value", copy).forEach(function (one) { one.textContent = figure(one.textContent); });
    }
    return copy.textContent;
  }

  function walk(node) {
    var run = "";
    function end() {
      var told = words(run);
      if (told) parts.push({ text: told });
      run = "";
    }
    Array.prototype.forEach.call(node.childNodes, function (child) {
      if (child.nodeType === Node.TEXT_NODE) { run += child.data; return; }
      if (child.nodeType !== Node.ELEMENT_NODE || child.matches(SKIPPED)) return;
      var read = component(child);
      if (read) { end(); read(child); }
      else if (child.matches(BLOCKS) || child.querySelector(BLOCKS)) { end(); walk(child); end(); }
      else run += shownText(child);
    });
    end();
  }

  if (!isEvidence) {
    all("main > h1", document).forEach(function (one) { parts.push({ text: words(one.textContent) }); });
  }
  walk(document.querySelector(isEvidence ? "article" : "main .content"));
  return parts;
}
