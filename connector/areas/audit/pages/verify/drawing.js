// What a check came to, as nodes. Text of the bundle is only ever text.

const MOST_ROWS = 200;
const GENERIC = ["not-checkable", "key-missing", "key-untrusted", "key-replaced"];
// Steps in their order: codes by their beginnings, and where their files lie.
const STEPS = [
  ["manifest", /^manifest/, /^manifest\./],
  ["files", /^file-/, null],
  ["keys", /^(?:keys$|key-|trust-|log-untrusted)/, /^keys/],
  ["head", /^checkpoint$/, /^checkpoint$/],
  ["log", /^(?:log-|leaf-|not-held)/, /^log\//],
  ["agreements", /^(?:agreement-|stage-)/, /^agreements\//],
  ["statements", /^(?:statement-|contradiction)/, /^signed\//],
  ["answers", /^(?:answer-|counted-)/, /^signed\//],
  ["peers", /^(?:peer-|split-view|renamed-log)/, /^peers\//],
  ["promises", /^ack-/, /^acks\//],
  ["openings", /^opening$/, /^opened\/entries/],
  ["totals", /^opened-total$/, /^opened\/total-/],
];
const KINDS = { good: "good", bad: "bad", unchecked: "wait", none: "off", unreached: "off", elsewhere: "off" };

function make(tag, text, attributes = {}) {
  const node = document.createElement(tag);
  if (text !== null) node.textContent = visible(text);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

// Control characters and what turns the direction of text are shown as what they are.
const ODD = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;
const visible = (text) =>
  String(text).replace(ODD, (one) => `\\u{${one.codePointAt(0).toString(16)}}`);

// A time of the bundle, which may be any number of seconds.
const when = (seconds) =>
  seconds <= 8.64e12 ? new Date(seconds * 1000).toISOString().replace(".000", "") : seconds;

export const note = (text, tag = "p") => make(tag, text);

const filled = (text, facts) =>
  text.replace(/\{([a-z]+)\}/g, (all, name) => (Object.hasOwn(facts, name) ? facts[name] : all));

function stepOf({ code, where, about }) {
  if (!GENERIC.includes(code)) {
    return STEPS.find(([, codes]) => codes.test(code))?.[0] ?? "files";
  }
  const place = about.see ?? where;
  return STEPS.find(([, , paths]) => paths?.test(place))?.[0] ?? "keys";
}

// What each step came to: good, bad, unchecked, none (the bundle has no such thing) or unreached.
export function statesOf(made) {
  const states = new Map();
  const stopped = made.manifest === null;
  for (const [name, , paths] of STEPS) {
    const there = paths === null || [...made.files.keys()].some((path) => paths.test(path));
    states.set(name, there ? "good" : "none");
    if (stopped && name !== "manifest") states.set(name, "unreached");
  }
  const most = { good: 0, none: 0, unreached: 0, unchecked: 1, bad: 2 };
  for (const one of made.found) {
    const state = one.level === "unchecked" ? "unchecked" : "bad";
    const name = stepOf(one);
    if (most[state] > most[states.get(name)]) states.set(name, state);
  }
  if (states.get("totals") === "good") states.set("totals", "unchecked"); // nothing here checks them
  states.set("others", "elsewhere"); // what another firm's bundle says is compared by a command
  return states;
}

function table(caption, heads, rows) {
  const node = make("table", null);
  node.append(make("caption", caption));
  const head = make("tr", null);
  head.append(...heads.map((text) => make("th", text, { scope: "col" })));
  const [top, body] = [make("thead", null), make("tbody", null)];
  top.append(head);
  body.append(...rows.map((cells) => {
    const row = make("tr", null);
    row.append(...cells.map((cell) => {
      const place = make("td", null);
      place.append(cell);
      return place;
    }));
    return row;
  }));
  node.append(top, body);
  const box = make("div", null, { class: "scroll", tabindex: "0", role: "region", "aria-label": caption });
  box.append(node);
  return box;
}

function details(one, words) {
  const { about } = one;
  const said = [];
  for (const name of ["leaf", "line", "see", "message", "expected", "got", "size", "did"]) {
    if (about[name] !== undefined) said.push(filled(words.about[name], { value: about[name] }));
  }
  if (about.until) said.push(filled(words.about.until, { value: when(about.until) }));
  for (const key of about.keys ?? []) {
    said.push(filled(words.about.key, { value: `${key.thumbprint} (${words.sources[key.source]})` }));
  }
  return said.join(words.comma);
}

export function drawn(made, words) {
  const { outcome } = made;
  const nodes = [make("h2", words.outcomes[outcome], { class: `outcome ${outcome.toLowerCase()}` })];
  nodes.push(note(words.means[outcome]));
  if (made.manifest !== null) nodes.push(facts(made, words));
  const states = [...statesOf(made)].map(([name, state]) => [
    make("span", words.steps[name]),
    make("span", words.states[state], { class: `badge ${KINDS[state]}`, "data-step": name, "data-state": state }),
    make("span", state === "unchecked" || state === "elsewhere" ? words.instead[name] ?? words.instead.keys : ""),
  ]);
  nodes.push(table(words.checked, [words.step, words.state, words.remark], states));
  if (made.found.length > 0) {
    const rows = made.found.slice(0, MOST_ROWS).map((one) => [
      make("span", words.levels[one.level], { class: `badge ${one.level === "unchecked" ? "wait" : "bad"}`,
        "data-code": one.code, "data-level": one.level }),
      make("span", words.findings[one.code] ?? one.code),
      make("code", one.where),
      make("span", details(one, words)),
    ]);
    nodes.push(table(words.found, [words.level, words.what, words.where, words.more], rows));
    const left = made.found.length - rows.length;
    if (left > 0) nodes.push(note(filled(words.left, { count: left })));
  }
  return nodes;
}

function facts(made, words) {
  const list = make("dl", null, { class: "facts" });
  const { did, created, head } = made.manifest;
  const told = { party: did, created: when(created), size: head.size,
    root: head.root, files: made.files.size };
  for (const [name, value] of Object.entries(told)) {
    const row = make("div", null);
    row.append(make("dt", words.facts[name]), make("dd", value));
    list.append(row);
  }
  return list;
}
