/* Value formats and column summaries, by the rules of Evidence 40 (component-utilities 4.0.13),
   so that both builds print equal figures. Portions follow Evidence's MIT-licensed source. */
var openlsiFormats = (function () {
  "use strict";
  var AUTO = "auto";
  var CURRENCIES = {
    usd: "$", aud: '"A$"', brl: '"R$"', cad: '"C$"', cny: '"¥"', eur: "€", gbp: '"£"',
    jpy: '"¥"', inr: '"₹"', krw: '"₩"', ngn: '"₦"', rub: '"rub"', sek: '"kr"'
  };
  var SCALED = { "": "", k: ',"k"', m: ',,"M"', b: ',,,"B"' };
  var DATES = {
    ddd: "ddd", dddd: "dddd", mmm: "mmm", mmmm: "mmmm", yyyy: "yyyy", shortdate: "mmm d/yy",
    longdate: "mmmm d, yyyy", fulldate: "dddd mmmm d, yyyy", mdy: "m/d/y", dmy: "d/m/y",
    hms: "H:MM:SS AM/PM"
  };
  var NUMBERS = {
    id: "0", fract: "# ?/?", mult: '#,##0.0"x"', mult0: '#,##0"x"', mult1: '#,##0.0"x"',
    mult2: '#,##0.00"x"', sci: "0.00E+0", pct0: "#,##0%", pct1: "#,##0.0%", pct2: "#,##0.00%",
    pct3: "#,##0.000%"
  };
  var UNITS = [["T", 5e12, 1e12], ["B", 5e9, 1e9], ["M", 5e6, 1e6], ["k", 5e3, 1e3]];

  function decimals(count) { return count > 0 ? "." + "0".repeat(count) : ""; }

  function unitOf(median) {
    for (var i = 0; i < UNITS.length; i++) {
      if (Math.abs(median) >= UNITS[i][1]) return UNITS[i];
    }
    return null;
  }

  /* Three significant digits of the median. */
  function codeFor(reference, most) {
    var exponent = reference === 0 ? 0 : Math.floor(Math.log10(reference));
    var shown = exponent - 3 < 0 ? Math.min(Math.max(Math.abs(exponent - 2), 0), most) : 0;
    return "#,##0" + decimals(shown);
  }

  function implicit(summary, most) {
    var median = summary ? summary.median : undefined;
    if (median === undefined || median === null) return { code: "#,##0", unit: null };
    var unit = unitOf(median);
    if (!unit && summary.maxDecimals === 0) return { code: "#,##0", unit: null };
    return { code: codeFor(unit ? median / unit[2] : median, most), unit: unit };
  }

  function autoNumber(value, format, summary) {
    var unit = format.truncates && summary && summary.median != null ? unitOf(summary.median) : null;
    return SSF.format(format.autoCode, unit ? value / unit[2] : value) + (unit ? unit[0] : "");
  }

  function autoCurrency(symbol) {
    return function (value, format, summary) {
      var chosen = implicit(summary, 2);
      var code = symbol + chosen.code;
      if (chosen.unit) return SSF.format(code, value / chosen.unit[2]) + chosen.unit[0];
      return SSF.format(/\.0$/.test(code) ? code + "0" : code, value);
    };
  }

  function autoPercent(value, format, summary) {
    if (!summary || summary.unitType !== "number") return SSF.format("#,##0%", value);
    var scaled = {
      median: summary.median * 100, maxDecimals: Math.max(summary.maxDecimals - 2, 0)
    };
    return SSF.format(implicit(scaled, 7).code, value * 100) + "%";
  }

  var builtIn = {};
  Object.keys(CURRENCIES).forEach(function (tag) {
    builtIn[tag] = { code: AUTO, valueType: "number", apply: autoCurrency(CURRENCIES[tag]) };
    Object.keys(SCALED).forEach(function (scale) {
      [0, 1, 2].forEach(function (n) {
        builtIn[tag + n + scale] = {
          code: CURRENCIES[tag] + "#,##0" + decimals(n) + SCALED[scale], valueType: "number"
        };
      });
    });
  });
  Object.keys(DATES).forEach(function (tag) {
    builtIn[tag] = { code: DATES[tag], valueType: "date" };
  });
  Object.keys(NUMBERS).forEach(function (tag) {
    builtIn[tag] = { code: NUMBERS[tag], valueType: "number" };
  });
  [0, 1, 2, 3, 4].forEach(function (n) {
    builtIn["num" + n] = { code: "#,##0" + decimals(n), valueType: "number" };
    if (n > 2) return;
    ["k", "m", "b"].forEach(function (scale) {
      builtIn["num" + n + scale] = {
        code: "#,##0" + decimals(n) + SCALED[scale], valueType: "number"
      };
    });
  });
  builtIn.pct = { code: AUTO, valueType: "number", apply: autoPercent };
  var custom = {};

  function lookup(tag) {
    var key = String(tag).toLowerCase();
    return builtIn[key] || custom[key];
  }

  var STEMS = Object.keys(CURRENCIES).concat("num", "pct", "mult");

  function refuse(text) { throw new Error("@format " + JSON.stringify(text)); }

  function fromString(text, valueType) {
    var found = lookup(text);
    if (!found && !openlsiCodes.isCode(String(text))) refuse(text);
    return found || { code: text, valueType: valueType };
  }

  function forColumn(name, type, summary) {
    if (type === "string") return undefined;
    var lower = name.toLowerCase();
    var cut = lower.lastIndexOf("_");
    var found = cut > 0 ? lookup(lower.slice(cut + 1)) : undefined;
    if (found) return found;
    if (cut > 0 && openlsiCodes.isMisspelt(STEMS, lower.slice(cut + 1))) refuse(lower.slice(cut + 1));
    if (type === "number" && lower === "year") {
      return { code: AUTO, valueType: "number", autoCode: "@" };
    }
    if (type === "number" && lower === "id") {
      return { code: AUTO, valueType: "number", apply: function (v) { return String(v); } };
    }
    if (type === "date") return { code: AUTO, valueType: "date", autoCode: "YYYY-MM-DD" };
    if (type !== "number") return undefined;
    var chosen = implicit(summary, 7);
    return {
      code: AUTO, valueType: "number", autoCode: chosen.code, truncates: chosen.unit !== null
    };
  }

  function summarise(values, type) {
    var summary = { unitType: type, maxDecimals: 0 };
    if (type !== "number") return summary;
    var present = values.filter(function (v) { return v !== null; });
    present.forEach(function (v) {
      var places = (String(v).split(".")[1] || "").length;
      if (places > summary.maxDecimals) summary.maxDecimals = places;
    });
    var sorted = present.slice().sort(function (a, b) { return a - b; });
    if (!sorted.length) return summary;
    var middle = (sorted.length - 1) / 2;
    var low = Math.floor(middle);
    summary.min = sorted[0];
    summary.max = sorted[sorted.length - 1];
    summary.median = sorted[low] + (sorted[Math.ceil(middle)] - sorted[low]) * (middle - low);
    summary.sum = present.reduce(function (a, b) { return a + b; }, 0);
    summary.mean = summary.sum / present.length;
    return summary;
  }

  /* Excel's day number: the same text whatever the machine's time zone. */
  function serial(date) { return date.getTime() / 86400000 + 25569; }

  function fallback(value) {
    if (typeof value !== "number") return String(value);
    var rounded = Math.round(Math.abs(value) * 100) / 100;
    var parts = String(rounded).split(".");
    parts[0] = parts[0].replace(/\B(?=(\d{3})+(?!\d))/g, ",");
    return (value < 0 && rounded !== 0 ? "-" : "") + parts.join(".");
  }

  function format(value, chosen, summary) {
    if (value === null || value === undefined) return "-";
    if (!chosen) return fallback(value);
    var typed = value;
    if (value instanceof Date) typed = serial(value);
    else if (chosen.valueType === "date" && typeof value === "string") {
      typed = serial(new Date(value.length === 10 ? value + "T00:00:00Z" : value));
    } else if (chosen.valueType === "number" && typeof value !== "number") typed = Number(value);
    if (typeof typed === "number" && isNaN(typed)) return fallback(value);
    if (chosen.apply) return chosen.apply(typed, chosen, summary);
    if (chosen.autoCode) {
      if (chosen.valueType === "number") return autoNumber(typed, chosen, summary);
      return SSF.format(chosen.autoCode, typed);
    }
    return SSF.format(chosen.code, typed);
  }

  function withoutDecimals(code) { return code.replace(/0\.0+/, "0"); }

  /* Formats of an axis: the one asked for; a smaller unit; then more and more decimals. Where none
     was asked for, as few decimals as will do. */
  function finerCodes(code, isOwn, keepsDecimals) {
    var scaledCode = /^(.*?)(,+)("[^"]*")?$/;
    var codes = isOwn ? [code] : [withoutDecimals(code)];
    var scaled = scaledCode.exec(code);
    while (scaled) {
      var smaller = scaled[2].slice(1);
      var unit = { ",": '"k"', ",,": '"m"' }[smaller] || "";
      if (/[A-Z]"$/.test(scaled[3] || "")) unit = unit.replace("m", "M");
      code = (keepsDecimals ? scaled[1] : withoutDecimals(scaled[1])) + smaller + unit;
      codes.push(code);
      scaled = smaller ? scaledCode.exec(code) : null;
    }
    if (!isOwn) code = codes[codes.length - 1];
    for (var i = 0; i < 6; i++) {
      // The last digit of the number, wherever a sign or a unit follows it.
      code = code.replace(/0(\.0+)?(?=[^0]*$)/, function (digits) {
        return digits.length > 1 ? digits + "0" : "0.0";
      });
      codes.push(code);
    }
    return codes;
  }

  /* ECharts' own steps of an axis that shows low to high. */
  function ticksOf(low, high) {
    var rough = (high - low) / 5;
    if (!(rough > 0)) return [high];
    var base = Math.pow(10, Math.floor(Math.log10(rough)));
    var lead = rough / base;
    var step = base * (lead < 1.5 ? 1 : lead < 2.5 ? 2 : lead < 4 ? 3 : lead < 7 ? 5 : 10);
    var found = [];
    for (var tick = Math.floor(low / step) * step; tick <= high + step / 2; tick += step) {
      found.push(Math.abs(tick) < step / 1000 ? 0 : tick);
    }
    return found;
  }

  /* A format in which values that differ read differently, so that no axis says £0.0m six times. */
  function finerFor(values, chosen, summary, isOwn) {
    if (!chosen || chosen.valueType === "date") return chosen;
    var base = chosen;
    if (chosen.apply === autoPercent) base = { code: "#,##0%", valueType: "number" };
    else if (chosen.apply) return chosen;
    var key = base.autoCode ? "autoCode" : "code";
    if (/[@?]/.test(base[key])) return chosen;
    var codes = finerCodes(base[key], isOwn);
    for (var i = 0; i < codes.length; i++) {
      var candidate = Object.assign({}, base);
      candidate[key] = codes[i];
      if (areToldApart(values, candidate, summary)) return candidate;
    }
    return chosen;
  }

  function areToldApart(values, chosen, summary) {
    var seen = {};
    return values.every(function (value) {
      var text = format(value, chosen, summary);
      if (seen[text]) return false;
      seen[text] = true;
      return true;
    });
  }

  /* The format asked for, or the next finer one in which nothing but nought reads as nought. */
  function readableFor(values, asked) {
    if (!asked || !asked.code || asked.apply || asked.autoCode || /[@?]/.test(asked.code)) {
      return asked;
    }
    var some = values.filter(function (v) { return typeof v === "number" && v !== 0; });
    var codes = finerCodes(asked.code, true, true);
    for (var i = 0; i < codes.length; i++) {
      var candidate = Object.assign({}, asked, { code: codes[i] });
      var nought = format(0, candidate);
      var differs = some.every(function (v) { return format(Math.abs(v), candidate) !== nought; });
      if (differs) return candidate;
    }
    return asked;
  }

  function title(column) {
    return column.replace(/"/g, "").replace(/_/g, " ").replace(/\S*/g, function (word) {
      if (word === "id" || word === "gdp") return word.toUpperCase();
      if (["of", "the", "and", "in", "on"].indexOf(word) >= 0) return word;
      return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
    });
  }

  function typeOf(value) {
    if (value instanceof Date) return "date";
    return typeof value === "number" || typeof value === "boolean" ? typeof value : "string";
  }

  return {
    summarise: summarise,
    title: title,
    resolve: function (tag, name, type, summary) {
      var own = forColumn(name, type, summary);
      return tag ? fromString(tag, own ? own.valueType : undefined) : own;
    },
    format: format,
    plain: fallback,
    finer: function (low, high, chosen, summary, isOwn) {
      return finerFor(ticksOf(low, high), chosen, summary, isOwn);
    },
    /* Values of a column, so that what is not nought does not read as nought. */
    readable: function (values, type, name, tag, all) {
      var own = forColumn(name, type, summarise(all, type));
      var asked = fromString(tag, own ? own.valueType : undefined);
      var chosen = readableFor(all.concat(values), asked);
      return values.map(function (v) { return format(v, chosen, undefined); });
    },
    readableFor: readableFor,
    /* Values that are steps of one scale, such as the edges of a map's classes. */
    steps: function (values, type, name, tag, all) {
      var summary = summarise(all, type);
      var own = forColumn(name, type, summary);
      var chosen = tag ? fromString(tag, own ? own.valueType : undefined) : own;
      chosen = finerFor(values, chosen, summary, Boolean(tag));
      return values.map(function (v) { return format(v, chosen, summary); });
    },
    fmt: function (value, tag) {
      if (typeof tag !== "string") throw new TypeError("fmt() needs a format as its second part");
      var chosen = fromString(tag);
      return format(value, { code: chosen.code, valueType: typeOf(value), apply: chosen.apply });
    },
    known: function (tag) { return lookup(tag) !== undefined; },
    check: function (text) { fromString(text); return true; },
    tags: function () { return Object.keys(builtIn).concat(Object.keys(custom)); },
    addCustom: function (tag, code, valueType) {
      if (code !== AUTO && !openlsiCodes.isCode(code)) refuse(code);
      custom[tag.toLowerCase()] = { code: code, valueType: valueType };
    },
    /* A whole column at once: crossing into this engine costs more than formatting. */
    column: function (values, type, name, tag, all, withSummary) {
      var revived = type === "date" ? values.map(function (v) {
        return v === null ? null : new Date(v + "Z");
      }) : values;
      var summary = summarise(all || values, type);
      var own = forColumn(name, type, summary);
      var chosen = tag ? fromString(tag, own ? own.valueType : undefined) : own;
      return revived.map(function (v) { return format(v, chosen, withSummary ? summary : undefined); });
    }
  };
})();
