/* What is a format of one's own, and what was meant as one of Evidence's. */
var openlsiCodes = (function () {
  "use strict";

  /* A spreadsheet code: a placeholder, and no letter outside quotes but those of dates. Evidence
     takes any text and prints what is left of it, so that fmt(10, "gpb0") reads gp4310. */
  function isCode(text) {
    var bare = text.replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, function (part) {
      return /^\[(h+|m+|s+)\]$/i.test(part) ? "h" : "";
    });
    if (/["\\[\]]/.test(bare)) return false;
    if (/^general$/i.test(bare)) return true;
    var left = bare.replace(/am\/pm|a\/p/gi, "h").replace(/([0#?])E[+-]/g, "$1");
    if (/[^\W\d_ymdhs]|[^\x00-\x7f€]/i.test(left)) return false;
    return left.split(";").every(function (section) {
      return !(/[ymdhs]/i.test(section) && /[0#?]/.test(section.replace(/s+\.0+/gi, "")));
    }) && /[0#?@ymdhs]/i.test(left);
  }

  function lettersOf(word) { return word.split("").sort().join(""); }

  /* The end of a column's name that was meant as a format, with a slip of the pen: gpb0, pct9. */
  function isMisspelt(stems, suffix) {
    var parts = /^([a-z]{3,4})\d+[kmb]?$/.exec(suffix);
    return parts !== null && stems.map(lettersOf).indexOf(lettersOf(parts[1])) >= 0;
  }

  return { isCode: isCode, isMisspelt: isMisspelt };
})();
