"""A question that a tool has wrapped in another SELECT, and the flat form that asks the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policies.errors import QueryError
from policies.sql import parse

if TYPE_CHECKING:
    from sqlglot import exp


def flattened(sql: str) -> str | None:
    """Give the flat form of a nested question.

    Returns:
        None for one that is not nested; empty where no flat form asks the same.
    """
    if "(" not in sql:
        return None
    from sqlglot import exp
    from sqlglot import parse as read
    from sqlglot.errors import SqlglotError

    try:
        trees = read(sql)
    except (SqlglotError, RecursionError):
        return None  # the connector says what is wrong with it
    tree = trees[0] if len(trees) == 1 else None
    if not isinstance(tree, exp.Select) or not _nested(tree, exp):
        return None
    flat = _flat(tree, exp)
    return _asked(flat) if flat is not None else ""


def _nested(tree: exp.Select, exp: Any) -> bool:
    return tree.args.get("with_") is not None or tree.find(exp.Subquery) is not None


def _asked(tree: exp.Select) -> str:
    """Write it; empty if it is not in the question language."""
    text = tree.sql()
    try:
        parse(text)
    except QueryError:
        return ""
    return text


def _flat(tree: exp.Select, exp: Any) -> exp.Select | None:
    """Move what the outer SELECT says into the inner one."""
    inner = _inner(tree, exp)
    if inner is None:
        return None
    if any(tree.args.get(name) for name in ("joins", "group", "having", "distinct", "offset")):
        return None
    flat = inner.copy()
    outputs = {item.alias_or_name: item for item in flat.expressions}
    chosen = _chosen(tree, outputs, exp)
    if chosen is None:
        return None
    limited = flat.args.get("limit") is not None
    where, order, limit = (tree.args.get(name) for name in ("where", "order", "limit"))
    if limited and (where is not None or order is not None or limit is not None):
        return None  # it would look at other rows
    grouped = {column.name for column in (flat.args.get("group") or exp.Group()).expressions}
    if where is not None:
        names = {column.name for column in where.find_all(exp.Column)}
        if names <= grouped:
            flat = flat.where(_bare(where.this, exp))
        elif all(name in outputs and outputs[name].find(exp.AggFunc) for name in names):
            flat = flat.having(_bare(where.this, exp))
        else:
            return None
    if order is not None:
        flat.set("order", _bare(order, exp))
    if limit is not None:
        flat.set("limit", limit.copy())
    flat.set("expressions", chosen)
    return flat


def _inner(tree: exp.Select, exp: Any) -> exp.Select | None:
    """Give the one SELECT that the outer one reads, from a sub-query or a WITH."""
    source = tree.args.get("from_")
    table = source.this if source is not None else None
    if isinstance(table, exp.Subquery) and isinstance(table.this, exp.Select):
        found = table.this
    elif isinstance(table, exp.Table):
        named = {one.alias: one.this for one in tree.ctes}
        found = named.get(table.name)
        if len(named) != 1 or not isinstance(found, exp.Select):
            return None
    else:
        return None
    return _flat(found, exp) if _nested(found, exp) else found


def _chosen(tree: exp.Select, outputs: dict[str, Any], exp: Any) -> list[Any] | None:
    """Give the inner outputs that the outer SELECT names, under the names that it gives them."""
    found: list[Any] = []
    for item in tree.expressions:
        if isinstance(item, exp.Star) or item.is_star:
            found += [output.copy() for output in outputs.values()]
            continue
        column = item.unalias()
        output = outputs.get(column.name) if isinstance(column, exp.Column) else None
        if output is None:
            return None
        bare = output.unalias().copy()
        plain = isinstance(bare, exp.Column) and bare.name == item.alias_or_name
        found.append(bare if plain else exp.alias_(bare, item.alias_or_name, quoted=False))
    return found


def _bare(node: Any, exp: Any) -> Any:
    """Copy a condition without the outer table's name before its columns."""
    found = node.copy()
    for column in found.find_all(exp.Column):
        column.set("table", None)
    return found
