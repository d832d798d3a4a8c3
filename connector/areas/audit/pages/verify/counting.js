// How many answers an agreement grants, and what a leaf must say of a signed answer or list of cells.

import { equal, isInteger, isObject, isText, shown } from "./json.js";

const objects = (value) => (Array.isArray(value) ? value : [value]).filter(isObject);
const ODRL = "http://www.w3.org/ns/odrl/2/";

function bare(one, name) {
  let text = shown(one.get(name));
  if (text.startsWith(ODRL)) text = text.slice(ODRL.length);
  return text.startsWith("odrl:") ? text.slice(5) : text;
}

// The largest number of any permission; null: no limit.
export function granted(agreement) {
  const limits = [];
  for (const permission of objects(agreement.get("permission"))) {
    const numbers = objects(permission.get("constraint"))
      .filter((one) => bare(one, "leftOperand") === "count" && bare(one, "operator") === "lteq")
      .map((one) => shown(one.get("rightOperand")))
      .filter((text) => /^[0-9]+$/.test(text))
      .map((text) => Number(text.replace(/^0+/, "").slice(0, 19) || "0"));
    if (numbers.length === 0) return null;
    limits.push(Math.min(...numbers));
  }
  return limits.length === 0 ? null : Math.max(...limits);
}

// Members and values that a leaf's query must have; of other statements none.
export function counted(typ, payload, query) {
  if (typ === "voile-cohort-cleared+jws" && query.has("released")) return cleared(payload, query);
  const [cells, others, of, left] = ["cells", "withheld", "dataVersion", "leftOut"].map((name) =>
    payload.get(name),
  );
  const listed = Array.isArray(cells) && Array.isArray(others) && isObject(of);
  const version = payload.has("v") ? payload.get("v") : 1;
  const known = equal(version, 1) || equal(version, 2);
  if (typ !== "voile-answer+jws" || !listed || !known) return new Map();
  const reasons = new Map();
  for (const cell of others) {
    const more = isObject(cell) && cell.has("statuses") ? cell.get("statuses") : new Map();
    const why = isObject(cell) && isObject(more) ? [cell.get("reason"), ...more.values()] : [null];
    if (!why.every(isText)) return new Map();
    const plain = why.every((one) => ["blocked", "merged", "withheld", "mixed"].includes(one));
    if (query.has("released") || plain) reasons.set(why[0], (reasons.get(why[0]) ?? 0) + 1);
  }
  const count = isInteger(left) ? cells.length + others.length + left : -1;
  const told = new Map();
  if (query.has("released")) told.set("released", cells.length);
  if (query.has("cells") || told.size === 0) told.set("cells", count);
  told.set("mode", payload.get("mode")).set("product", payload.get("product"));
  return told.set("withheld", reasons).set("dataVersion", of.get("digest"));
}

function cleared(payload, query) {
  const columns = payload.get("columns");
  if (!Array.isArray(columns) || !columns.every(isText)) return new Map();
  const marks = columns.map((column) => Array.from(column));
  const rows = marks.length === 0 ? 0 : Math.min(...marks.map((column) => column.length));
  let released = 0;
  for (let row = 0; row < rows; row += 1) {
    if (marks.some((column) => column[row] === "1")) released += 1;
  }
  const held = query.get("withheld");
  const plain = isInteger(held) || typeof held === "boolean";
  const rest = rows - released;
  return new Map([["released", released], ["withheld", plain ? rest : new Map([["cohort", rest]])]]);
}
