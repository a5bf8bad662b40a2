-- The sender and every unit under it, in the tree of the day %(day)s; parents before children.
with recursive tree as (
    select unit_id, code, name, type, level, null::text as parent_level, array[code] as path
      from reference.org_unit
     where (code = %(sender)s or unit_id = %(sender)s) and valid @> %(day)s::date
    union all
    select child.unit_id, child.code, child.name, child.type, child.level, tree.level, tree.path || child.code
      from tree
      join reference.org_unit child on child.parent_unit_id = tree.unit_id and child.valid @> %(day)s::date
)
select unit_id, code, name, type, level, parent_level from tree order by path
