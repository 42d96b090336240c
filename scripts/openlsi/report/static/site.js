/* The list of pages on small screens, and what paper needs. */
(function () {
  "use strict";

  /* The list of pages is open without scripts; on a small screen it gives way to the page. */
  var list = document.querySelector(".nav-details");
  var small = window.matchMedia("(max-width: 60em)");
  function fold() { list.open = !small.matches; }
  if (list) {
    fold();
    small.addEventListener("change", fold);
  }

  /* Paper has no disclosure to click on; those of one group would close each other. */
  var opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.prototype.map.call(
      document.querySelectorAll("details.details:not([open])"),
      function (details) {
        var name = details.getAttribute("name");
        if (name !== null) details.removeAttribute("name");
        details.open = true;
        return { details: details, name: name };
      }
    );
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (entry) {
      entry.details.open = false;
      if (entry.name !== null) entry.details.setAttribute("name", entry.name);
    });
    opened = [];
  });
})();
