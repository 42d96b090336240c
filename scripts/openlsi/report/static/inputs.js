/* Inputs: what a choice shows was worked out when the site was built and is put in its place. */
(function () {
  "use strict";

  var ADDRESS = "choices.js";
  var controls = {};
  var asked = false;

  function list(nodes) { return Array.prototype.slice.call(nodes); }

  /* Parts stand between comments, which may be anywhere: in a sentence, a table, a grid. */
  function findParts() {
    var walker = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
    var found = {};
    while (walker.nextNode()) {
      var words = walker.currentNode.data.split(" ");
      if (words[0] === "part") found[words[1]] = { start: walker.currentNode };
      if (words[0] === "/part" && found[words[1]]) found[words[1]].end = walker.currentNode;
    }
    return found;
  }
  var places = findParts();
  var shown = {};

  function keyOf(part) {
    return part.inputs.map(function (name) { return controls[name].place; }).join(".");
  }

  function defaultKey(part) {
    return part.inputs.map(function (name) { return controls[name].first; }).join(".");
  }

  function swap(number, part) {
    var key = keyOf(part);
    var place = places[number];
    if ((shown[number] || defaultKey(part)) === key) return;
    shown[number] = key;
    while (place.start.nextSibling !== place.end) place.start.nextSibling.remove();
    var template = document.createElement("template");
    template.innerHTML = part.states[key];
    place.end.parentNode.insertBefore(document.importNode(template.content, true), place.end);
    var added = [];
    for (var node = place.start.nextSibling; node !== place.end; node = node.nextSibling) {
      if (node.nodeType === 1) added.push(node);
    }
    document.dispatchEvent(new CustomEvent("openlsi:shown", { detail: added }));
  }

  var status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  document.body.appendChild(status);

  function showAll() {
    var choices = window.openlsiChoices;
    if (!choices) return load();
    Object.keys(choices).forEach(function (number) { swap(number, choices[number]); });
    status.textContent = "The page now shows " + list(document.querySelectorAll(".input-on .input-words"))
      .map(function (node) { return node.textContent.trim(); }).join(", ");
  }

  function load() {
    if (asked) return;
    asked = true;
    var script = document.createElement("script");
    script.src = ADDRESS;
    script.addEventListener("load", showAll);
    document.head.appendChild(script);
  }

  /* The address carries what is chosen, so that it can be sent to somebody. */
  function remember() {
    var chosen = Object.keys(controls).filter(function (name) {
      return controls[name].place !== controls[name].first;
    }).map(function (name) { return encodeURIComponent(name) + "=" + controls[name].place; }).join("&");
    try {
      history.replaceState(null, "", (chosen ? "?" + chosen : location.pathname) + location.hash);
    } catch (refused) { /* A page opened from disk may not change its address. */ }
  }

  function read(box) {
    var control = box.querySelector(".input-control");
    var now = box.querySelector(".input-now strong");
    var several = list(box.querySelectorAll("[data-several]"));
    var radios = list(box.querySelectorAll("input[type=radio]"));
    var field = box.querySelector("select, input");
    var output = box.querySelector("output");
    var words = list(box.querySelectorAll(".slider-words li")).map(function (item) { return item.textContent; });
    var entry = { first: parseInt(control.getAttribute("data-default"), 10) };
    entry.place = entry.first;

    function placeNow() {
      if (several.length) {
        return several.reduce(function (sum, tick) {
          return sum + (tick.checked ? Math.pow(2, parseInt(tick.value, 10)) : 0);
        }, 0);
      }
      if (radios.length) {
        return parseInt(radios.filter(function (radio) { return radio.checked; })[0].value, 10);
      }
      if (field.type === "checkbox") return field.checked ? 1 : 0;
      return parseInt(field.value, 10);
    }

    function label() {
      if (several.length) {
        return several.filter(function (tick) { return tick.checked; })
          .map(function (tick) { return tick.parentNode.textContent.trim(); }).join(", ") || "nothing chosen";
      }
      if (radios.length) {
        return radios.filter(function (radio) { return radio.checked; })[0].parentNode.textContent.trim();
      }
      if (field.type === "checkbox") return field.checked ? "yes" : "no";
      if (field.type === "range") return words[entry.place];
      return field.options[field.selectedIndex].textContent;
    }

    function changed() {
      entry.place = placeNow();
      now.textContent = label();
      if (output) {
        output.textContent = words[entry.place];
        field.setAttribute("aria-valuetext", words[entry.place]);
      }
    }

    entry.set = function (place) {
      if (several.length) several.forEach(function (tick, i) { tick.checked = Math.floor(place / Math.pow(2, i)) % 2 === 1; });
      else if (radios.length) radios.forEach(function (radio, i) { radio.checked = i === place; });
      else if (field.type === "checkbox") field.checked = place === 1;
      else field.value = String(place);
      changed();
    };
    entry.count = several.length ? Math.pow(2, several.length)
      : radios.length || (field.tagName === "SELECT" ? field.options.length
        : field.type === "checkbox" ? 2 : words.length);
    box.addEventListener("input", function () {
      changed();
      remember();
      showAll();
    });
    control.hidden = false;
    box.classList.add("input-on");
    return entry;
  }

  list(document.querySelectorAll("[data-input]")).forEach(function (box) {
    if (box.querySelector(".input-control")) controls[box.getAttribute("data-input")] = read(box);
  });
  new URLSearchParams(location.search).forEach(function (text, name) {
    var entry = controls[name];
    var place = /^\d{1,3}$/.test(text) ? parseInt(text, 10) : -1;
    if (entry && place >= 0 && place < entry.count) entry.set(place);
  });
  if (Object.keys(controls).some(function (name) { return controls[name].place !== controls[name].first; })) {
    showAll();
  }
})();
