/* One ECharts option, given as plain data, drawn to SVG. What JSON cannot hold is revived here:
   {"$format": {...}} becomes a function from a value to its text. */
var openlsiCharts = (function () {
  "use strict";
  var widths = {};

  /* Nothing waits here: a drawing is finished when it is asked for. */
  globalThis.setTimeout = function () { return 0; };
  globalThis.clearTimeout = function () {};

  /* Real letter widths, or labels are cut: this engine has no fonts. */
  function measure(text, font) {
    var size = parseFloat((/([\d.]+)px/.exec(font || "") || [0, 12])[1]);
    var table = widths[/bold|[6-9]00/.test(font || "") ? "bold" : "normal"];
    var total = 0;
    for (var i = 0; i < text.length; i++) {
      var width = table[text.charAt(i)];
      // An ideograph stands for the height of a line, which is how ECharts asks for it.
      total += width === undefined ? (text.charCodeAt(i) > 0x2e7f ? 1150 : 600) : width;
    }
    return { width: total * size / 1000 };
  }

  function revive(value) {
    if (Array.isArray(value)) return value.map(revive);
    if (value === null || typeof value !== "object") return value;
    if (value.$fits) return fits;
    if (value.$format) return formatter(value.$format);
    if (value.$longest) {
      return value.extra + Math.max.apply(null, value.$longest.map(function (text) {
        return Math.ceil(measure(text, value.font).width);
      }));
    }
    var revived = {};
    Object.keys(value).forEach(function (key) { revived[key] = revive(value[key]); });
    return revived;
  }

  var AWAY = -9999;

  /* A label that is larger than its bar would lie over the next one: it is put out of sight, and
     taken out of the drawing. */
  function fits(params) {
    var label = params.labelRect, bar = params.rect;
    var isInside = label.width <= bar.width - 2 && label.height <= bar.height + 1;
    return isInside ? { hideOverlap: true } : { x: AWAY, y: AWAY };
  }

  function formatter(given) {
    var chosen = openlsiFormats.resolve(given.tag, given.name, given.kind, given.summary);
    if (given.ticks) {
      chosen = openlsiFormats.finer(
        given.ticks[0], given.ticks[1], chosen, given.units ? given.summary : undefined,
        Boolean(given.tag)
      );
    }
    if (given.values) chosen = openlsiFormats.readableFor(given.values, chosen);
    return function (params) {
      var value = params;
      if (params !== null && typeof params === "object" && "value" in params) {
        value = Array.isArray(params.value) ? params.value[given.part] : params.value;
        if (value === 0 && given.hideZero) return "";
      }
      if (given.kind === "date" && typeof value === "number") value = new Date(value);
      var text = openlsiFormats.format(value, chosen, given.units ? given.summary : undefined);
      if (!given.label) return text;
      return params.name ? params.name + (given.withValue ? " (" + text + ")" : "") : text;
    };
  }

  return {
    prepare: function (table) {
      widths = table;
      echarts.setPlatformAPI({ measureText: measure });
    },
    draw: function (option, width, height) {
      var chart = echarts.init(null, null, {
        renderer: "svg", ssr: true, width: width, height: height
      });
      chart.setOption(revive(option));
      var svg = chart.renderToSVGString();
      chart.dispose();
      return svg.replace(/<text[^>]*translate\(-9999 [^>]*>[^<]*<\/text>\n?/g, "");
    }
  };
})();
