{{ config(
    indexes=[{'columns': ['period', 'hierarchy', 'unit_id'], 'unique': true}],
    post_hook='analyze {{ this }}'
) }}

-- The other trees that indicators climb. A unit stands where it is placed, else where its type is placed, else under its
-- territorial parent: so every reporter has one place in every tree, and nothing is lost or counted twice.
with recursive

climbing as (

    select distinct
        hierarchy,
        reporter_class
    from {{ ref('stg_reference__indicator_hierarchy') }}
    where hierarchy <> 'territorial'

),

trees as (

    select distinct hierarchy from climbing

),

-- Only who reports what climbs the tree, and those above them.
needed as (

    select distinct
        reporter.period,
        climbing.hierarchy,
        ancestor.unit_id
    from {{ ref('int_reporter_identified') }} as reporter
    inner join climbing on reporter.reporter_class = climbing.reporter_class
    cross join lateral unnest(reporter.path) as ancestor (unit_id)

    union

    select
        node.period,
        climbing.hierarchy,
        node.unit_id
    from {{ ref('int_node_identified') }} as node
    inner join climbing on node.reporter_class = climbing.reporter_class

),

placed as (

    select
        unit.period,
        needed.hierarchy,
        unit.unit_id,
        unit.type,
        unit.level,
        coalesce(by_unit.parent_unit_id, by_type.parent_unit_id, unit.parent_unit_id) as parent_unit_id
    from needed
    inner join {{ ref('int_unit_hierarchized') }} as unit
        on
            needed.period = unit.period
            and needed.unit_id = unit.unit_id
    inner join {{ ref('stg_ops__period') }} as period on unit.period = period.period
    left join {{ ref('stg_reference__placement') }} as by_unit
        on
            needed.hierarchy = by_unit.hierarchy
            and unit.unit_id = by_unit.unit_id
            and {{ as_of('by_unit.valid', 'period.last_day') }}
    left join {{ ref('stg_reference__placement') }} as by_type
        on
            needed.hierarchy = by_type.hierarchy
            and unit.type = by_type.unit_type
            and {{ as_of('by_type.valid', 'period.last_day') }}

    union all

    select
        period.period,
        grouping_node.hierarchy,
        grouping_node.unit_id,
        grouping_node.type,
        'grouping' as level,
        grouping_node.parent_unit_id
    from {{ ref('stg_reference__grouping') }} as grouping_node
    inner join trees on grouping_node.hierarchy = trees.hierarchy
    inner join {{ ref('stg_ops__period') }} as period
        on {{ as_of('grouping_node.valid', 'period.last_day') }}

),

climbed as (

    select
        placed.*,
        0 as depth,
        array[placed.unit_id] as path
    from placed
    where placed.parent_unit_id is null

    union all

    select
        placed.*,
        parent.depth + 1,
        parent.path || placed.unit_id
    from placed
    inner join climbed as parent
        on
            placed.period = parent.period
            and placed.hierarchy = parent.hierarchy
            and placed.parent_unit_id = parent.unit_id

),

final as (

    select
        period,
        hierarchy,
        unit_id,
        type,
        level,
        parent_unit_id,
        depth,
        path
    from climbed

)

select * from final
