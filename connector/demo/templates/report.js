// The page works without this script. With it, a choice is remembered, and a switch of language
// keeps the line that is being read where it is.
(function () {
  "use strict";
  var asked = new URLSearchParams(location.search);
  var memory = {
    read: function (name) { try { return localStorage.getItem("voile-" + name); } catch (e) { return null; } },
    keep: function (name, value) { try { localStorage.setItem("voile-" + name, value); } catch (e) { /* private window */ } }
  };
  function reading() {
    var marks = document.querySelectorAll("section, header, figure, article, li, tr");
    for (var i = 0; i < marks.length; i++) {
      var top = marks[i].getBoundingClientRect().top;
      if (top >= 0 && marks[i].getClientRects().length) { return { at: marks[i], top: top }; }
    }
    return null;
  }
  var place = null;
  addEventListener("scroll", function () { place = reading(); }, { passive: true });
  function choose(name, value) {
    var box = document.getElementById(name + "-" + value);
    if (box) { box.checked = true; }
    if (name === "lang") { document.documentElement.lang = value; }
  }
  ["lang", "theme"].forEach(function (name) {
    var usual = name === "lang" && (navigator.language || "").slice(0, 2) === "zh" ? "zh" : "";
    var first = asked.get(name) || memory.read(name) || usual;
    if (first) { choose(name, first); }
    document.querySelectorAll('input[name="' + name + '"]').forEach(function (box) {
      box.addEventListener("change", function () {
        var before = place || reading();
        choose(name, box.value);
        memory.keep(name, box.value);
        if (before) { scrollBy(0, before.at.getBoundingClientRect().top - before.top); }
      });
    });
  });
})();
