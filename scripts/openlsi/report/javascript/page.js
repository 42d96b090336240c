/* The world that a page's expressions see: its queries, parameters, variables and fmt(). */
var openlsiPage = (function () {
  "use strict";
  var lists = [];
  var named = new WeakMap();
  var OwnDate = Date;

  /* A page never depends on when or how often it is built. */
  globalThis.Date = new Proxy(OwnDate, {
    construct: function (target, given) {
      if (!given.length) throw new Error("a page may not use the clock");
      return Reflect.construct(target, given);
    },
    apply: function () { throw new Error("a page may not use the clock"); },
    get: function (target, name) {
      if (name === "now") throw new Error("a page may not use the clock");
      return Reflect.get(target, name);
    }
  });
  Math.random = function () { throw new Error("a page may not use random numbers"); };
  ["process", "require", "call_python", "_dukpy_cjs_source_compiles", "_dukpy_eval_cjs_source",
    "performance"].forEach(function (name) { delete globalThis[name]; });
  globalThis.console = { log: function () {}, warn: function () {}, error: function () {} };

  function strict(row, columns, name) {
    return new Proxy(row, {
      get: function (target, key) {
        if (typeof key === "symbol" || key in target) return target[key];
        throw new Error("@column " + JSON.stringify([name, key, columns]));
      }
    });
  }

  /* The rows as text until an expression asks for them: the engine walks through all that is
     alive at each call, and most queries are shown by components, which never ask. */
  function define(name, columns, types, text) {
    var rows;
    Object.defineProperty(globalThis, name, {
      configurable: true,
      get: function () {
        if (!rows) {
          rows = rowsOf(name, columns, types, JSON.parse(text));
          named.set(rows, name);
        }
        return rows;
      }
    });
  }

  /* What Evidence's queries can do besides being lists: experiments there, refused by name here. */
  var INSTEAD = {
    where: ".filter(row => …)", search: ".filter(row => …)", limit: ".slice(0, n)",
    offset: ".slice(n)", paginate: ".slice(from, to)", select: ".map(row => …)",
    orderBy: "order by in the query", groupBy: "group by in a query", agg: "an aggregate in a query"
  };

  function withRefusals(rows, name) {
    Object.keys(INSTEAD).forEach(function (method) {
      Object.defineProperty(rows, method, {
        value: function () {
          throw new Error("@method " + JSON.stringify([name, method, INSTEAD[method]]));
        }
      });
    });
    return rows;
  }

  function rowsOf(name, columns, types, rows) {
    return withRefusals(rows.map(function (values) {
      var row = {};
      columns.forEach(function (column, i) {
        var value = values[i];
        row[column] = types[i] === "date" && value !== null ? new OwnDate(value + "Z") : value;
      });
      return strict(row, columns, name);
    }), name);
  }

  function describe(value) {
    if (value === null) return ["null", ""];
    if (value === undefined) return ["undefined", ""];
    if (value instanceof OwnDate) return ["date", ""];
    if (typeof value === "object") {
      if (named.has(value)) return ["query", named.get(value)];
      if (!Array.isArray(value)) return ["object", ""];
      var simple = value.every(function (v) { return v === null || typeof v !== "object"; });
      return simple && value.length ? ["values", value] : ["list", ""];
    }
    if (typeof value === "function") return ["function", ""];
    return [typeof value, typeof value === "bigint" ? String(value) : value];
  }

  return {
    define: define,
    describe: describe,
    forget: function (names) {
      lists = [];
      names.forEach(function (name) { delete globalThis[name]; });
    },
    keep: function (value) {
      if (value === null || value === undefined || typeof value.length !== "number") return null;
      lists.push(value);
      return [lists.length - 1, value.length];
    },
    item: function (list, i) { return lists[list][i]; },
    /* An object with all that is in it, as text: what is not plain data is refused. */
    plain: function (value) {
      if (value === null || typeof value !== "object" || Array.isArray(value)) {
        throw new Error("should be an object such as { title: { show: false } }");
      }
      return JSON.stringify(value, function (key, inner) {
        if (typeof inner === "function") {
          throw new Error("`" + key + "` is a function; only plain data is drawn");
        }
        return inner;
      });
    },
    rows: function (value) {
      var list = Array.isArray(value) ? value : [value];
      return list.map(function (row) {
        var plain = {};
        Object.keys(row).forEach(function (key) {
          var v = row[key];
          plain[key] = v instanceof OwnDate ? { date: v.toISOString().slice(0, 19) } : v;
        });
        return plain;
      });
    }
  };
})();
var fmt = openlsiFormats.fmt;
