"""A question that a tool has wrapped in another SELECT, and the flat form that asks the same.

The form is advice in an error: where it could ask anything else, there is none. So each clause of
the outer SELECT is known here, and each name means one thing before and after.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from policies.errors import QueryError
from policies.sql import parse

if TYPE_CHECKING:
    from sqlglot import exp

_CLAUSES: Final = frozenset({"expressions", "from_", "with_", "where", "order", "limit"})
_MOVED: Final = ("where", "order", "limit")


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
    if inner is None or not _only(tree, *_CLAUSES):
        return None
    flat = inner.copy()
    outputs = {item.alias_or_name: item for item in flat.expressions}
    chosen = _chosen(tree, outputs, exp)
    if chosen is None or not (_apart(inner.expressions) and _apart(chosen)):
        return None
    where, order, limit = moved = [tree.args.get(name) for name in _MOVED]
    said = [node for node in moved if node is not None]
    if said and flat.args.get("limit") is not None:
        return None  # it would look at other rows
    if any(node.find(exp.AggFunc) for node in said):
        return None  # an aggregate of aggregates
    if where is not None:
        named = [outputs.get(column.name) for column in where.find_all(exp.Column)]
        keys = [isinstance(item, exp.Column) for item in named]
        figures = [item is not None and item.find(exp.AggFunc) is not None for item in named]
        if not named or not (all(keys) or all(figures)):
            return None
        condition = _bare(where.this, exp)
        flat = flat.where(condition) if all(keys) else flat.having(condition)
    if order is not None:
        flat.set("order", _bare(order, exp))
    if limit is not None:
        flat.set("limit", limit.copy())
    flat.set("expressions", chosen)
    return flat if _means_the_same(flat, outputs, exp) else None


def _only(node: Any, *names: str) -> bool:
    """Say whether a node says nothing but what is named."""
    return all(name in names for name, said in node.args.items() if said)


def _apart(items: list[Any]) -> bool:
    """Say whether outputs have names that nobody takes for one another."""
    counted = Counter(item.alias_or_name.casefold() for item in items)
    return max(counted.values(), default=0) == 1


def _means_the_same(flat: exp.Select, outputs: dict[str, Any], exp: Any) -> bool:
    """Say whether each name of the flat form means what it meant in the nested one.

    An alias must hide no column, and what HAVING and ORDER BY name must still be there under that
    name.
    """
    ends = [flat.args[name] for name in ("having", "order") if flat.args.get(name) is not None]
    at_ends = [column for node in ends for column in node.find_all(exp.Column)]
    loose = [column for column in at_ends if not column.find_ancestor(exp.AggFunc)]
    after = {item.alias_or_name.casefold(): item.unalias() for item in flat.expressions}
    before = {name.casefold(): item.unalias() for name, item in outputs.items()}
    kept = {id(column) for column in loose}
    columns = {c.name.casefold() for c in flat.find_all(exp.Column) if id(c) not in kept}
    columns |= {c.name.casefold() for item in before.values() for c in item.find_all(exp.Column)}
    for named in (after, before):
        for name, item in named.items():
            own = isinstance(item, exp.Column) and item.name.casefold() == name
            if name in columns and not own:
                return False
    return all(
        name in after and before.get(name, after[name]) == after[name]
        for name in (column.name.casefold() for column in loose)
    )


def _inner(tree: exp.Select, exp: Any) -> exp.Select | None:
    """Give the one SELECT that the outer one reads, from a sub-query or a WITH."""
    source = tree.args.get("from_")
    table = source.this if source is not None else None
    ctes, alias = tree.ctes, None if table is None else table.args.get("alias")
    if not (table and _only(table, "this", "alias") and _only(alias or exp.TableAlias(), "this")):
        return None
    if isinstance(table, exp.Subquery) and not ctes:
        found = table.this
    elif isinstance(table, exp.Table) and len(ctes) == 1 and ctes[0].alias == table.name:
        (cte,) = ctes
        if not (_only(tree.args["with_"], "expressions") and _only(cte, "this", "alias")):
            return None
        if not _only(cte.args["alias"], "this"):
            return None
        found = cte.this
    else:
        return None
    if not isinstance(found, exp.Select):
        return None
    return _flat(found, exp) if _nested(found, exp) else found


def _chosen(tree: exp.Select, outputs: dict[str, Any], exp: Any) -> list[Any] | None:
    """Give the inner outputs that the outer SELECT names, under the names that it gives them."""
    found: list[Any] = []
    for item in tree.expressions:
        if item.is_star:
            if not all(_only(star) for star in item.find_all(exp.Star)):
                return None
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
