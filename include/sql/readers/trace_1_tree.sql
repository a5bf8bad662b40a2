-- The units that a figure is made of, with where each stands under the root: those who report, and those above them. In the
-- territorial tree of the release, or in another tree (see int_unit_placed: placed itself, else its type, else its parent).
create or replace function store.trace_tree(root text, day date, tree text, reporter_class text)
returns table (
    unit_key integer, unit_id text, unit_code text, unit_name text, level text, province_unit_id text, path text[],
    is_reporter boolean, is_under_reporter boolean, is_node boolean, is_declarer boolean
)
language sql stable rows 5000 set search_path = '' as $$
with recursive

class as (

    select unit_types, parent_level
    from reference.reporter
    where reporter = $4

),

-- From where the territory is walked down (the root, or the nation where another tree is asked for), and up.
above as (

    select key.unit_id, unit.*, 0 as height
    from store.unit_key as key
    inner join store.org_unit as unit on key.unit_key = unit.unit_key
    where
        key.unit_id = case when $3 = 'territorial' then $1 else (
            select top.unit_id
            from store.org_unit as nation
            inner join store.unit_key as top on nation.unit_key = top.unit_key
            where nation.level = 'nation' and nation.last_release is null
            limit 1
        ) end
        and unit.last_release is null
        and (unit.valid_from is null or unit.valid_from <= $2)
        and (unit.valid_to is null or unit.valid_to > $2)

    union all

    select key.unit_id, unit.*, above.height + 1
    from above
    inner join store.unit_key as key on above.parent_unit_id = key.unit_id
    inner join store.org_unit as unit on key.unit_key = unit.unit_key
    where
        unit.last_release is null
        and (unit.valid_from is null or unit.valid_from <= $2)
        and (unit.valid_to is null or unit.valid_to > $2)

),

judged_above as (

    select
        above.*,
        above.unit_type = any(class.unit_types)
        and (class.parent_level is null or coalesce(parent.level = class.parent_level, false)) as is_reporter
    from above
    cross join class
    left join above as parent on above.parent_unit_id = parent.unit_id

),

territory as (

    select
        root.unit_id, root.unit_key, root.unit_code, root.unit_name, root.unit_type, root.level, root.parent_unit_id,
        root.is_reporter,
        (select coalesce(bool_or(each.is_reporter), false) from judged_above as each where each.height > 0)
            as is_under_reporter,
        (select each.unit_id from judged_above as each where each.level = 'province') as province_unit_id,
        array[root.unit_id] as path,
        array[root.unit_id] as anchor
    from judged_above as root
    where root.height = 0

    union all

    select
        key.unit_id, child.unit_key, child.unit_code, child.unit_name, child.unit_type, child.level,
        child.parent_unit_id,
        child.unit_type = any(class.unit_types) and (class.parent_level is null or parent.level = class.parent_level),
        parent.is_under_reporter or parent.is_reporter,
        case when child.level = 'province' then key.unit_id else parent.province_unit_id end,
        -- What stands under a reporter hangs directly under the topmost one: nothing of it is summed.
        case when parent.is_under_reporter or parent.is_reporter then parent.anchor else parent.path end || key.unit_id,
        case when parent.is_under_reporter or parent.is_reporter then parent.anchor else parent.path || key.unit_id end
    from territory as parent
    inner join store.org_unit as child on parent.unit_id = child.parent_unit_id
    inner join store.unit_key as key on child.unit_key = key.unit_key
    cross join class
    where
        child.last_release is null
        and (child.valid_from is null or child.valid_from <= $2)
        and (child.valid_to is null or child.valid_to > $2)
        and child.level <> 'grouping'

),

-- Another tree: what is placed nowhere in it stays under its territorial parent.
placed as (

    select unit.*, coalesce(by_unit.parent_unit_id, by_type.parent_unit_id, unit.parent_unit_id) as tree_parent_id
    from territory as unit
    left join reference.placement as by_unit
        on by_unit.hierarchy = $3 and unit.unit_id = by_unit.unit_id and by_unit.valid @> $2
    left join reference.placement as by_type
        on by_type.hierarchy = $3 and unit.unit_type = by_type.unit_type and by_type.valid @> $2
    where $3 <> 'territorial'

    union all

    select
        node.unit_id, unit.unit_key, unit.unit_code, unit.unit_name, unit.unit_type, unit.level, unit.parent_unit_id,
        false, false, null, null, null, unit.parent_unit_id
    from reference.grouping as node
    inner join store.unit_key as key on node.unit_id = key.unit_id
    inner join store.org_unit as unit on key.unit_key = unit.unit_key
    where
        node.hierarchy = $3
        and node.valid @> $2
        and unit.last_release is null
        and (unit.valid_from is null or unit.valid_from <= $2)
        and (unit.valid_to is null or unit.valid_to > $2)

),

replaced as (

    select placed.*, array[placed.unit_id] as tree_path, array[placed.unit_id] as tree_anchor
    from placed
    where placed.unit_id = $1

    union all

    select
        child.*,
        case when child.is_under_reporter then parent.tree_anchor else parent.tree_path end || child.unit_id,
        case when child.is_under_reporter then parent.tree_anchor else parent.tree_path || child.unit_id end
    from replaced as parent
    inner join placed as child on parent.unit_id = child.tree_parent_id

),

branch as materialized (

    select
        unit_key, unit_id, unit_code, unit_name, level, province_unit_id, path, is_reporter, is_under_reporter
    from territory
    where $3 = 'territorial'

    union all

    select
        unit_key, unit_id, unit_code, unit_name, level, province_unit_id, tree_path, is_reporter, is_under_reporter
    from replaced

),

-- A province with no registered reporter is itself expected to say, by declaration.
declarers as (

    select branch.unit_id, branch.path
    from branch
    where
        branch.level = 'province'
        and not exists (
            select 1 from territory as each where each.is_reporter and each.province_unit_id = branch.unit_id
        )

),

nodes as (

    select ancestor.unit_id
    from (
        select distinct branch.path[: cardinality(branch.path) - 1] as path
        from branch
        where branch.is_reporter and not branch.is_under_reporter
    ) as above_reporters
    cross join lateral unnest(above_reporters.path) as ancestor (unit_id)

    union

    select ancestor.unit_id
    from declarers
    cross join lateral unnest(declarers.path) as ancestor (unit_id)

)

select
    branch.unit_key, branch.unit_id, branch.unit_code, branch.unit_name, branch.level, branch.province_unit_id,
    branch.path, branch.is_reporter, branch.is_under_reporter,
    nodes.unit_id is not null and not branch.is_reporter,
    declarers.unit_id is not null
from branch
left join nodes on branch.unit_id = nodes.unit_id
left join declarers on branch.unit_id = declarers.unit_id
where branch.unit_id = $1 or branch.is_reporter or nodes.unit_id is not null
$$;
comment on function store.trace_tree(text, date, text, text) is
    'Behind marts.trace: the units under a root on a day that report a class of indicators, and those above them';
revoke execute on function store.trace_tree(text, date, text, text) from public;
