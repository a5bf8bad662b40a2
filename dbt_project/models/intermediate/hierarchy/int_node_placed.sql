{{ config(
    indexes=[{'columns': ['period', 'hierarchy', 'unit_id', 'reporter_class'], 'unique': true}],
    post_hook='analyze {{ this }}'
) }}

with

reporters as not materialized (

    select * from {{ ref('int_reporter_placed') }}
    where is_topmost

),

-- Provinces that are expected to declare for want of registered reporters stand in every tree.
declarers as (

    select
        node.period,
        climbed.hierarchy,
        node.reporter_class,
        node.unit_id,
        unit.path
    from {{ ref('int_node_identified') }} as node
    inner join (select distinct hierarchy, reporter_class from {{ ref('int_reporter_placed') }}) as climbed
        on node.reporter_class = climbed.reporter_class
    inner join {{ ref('int_unit_placed') }} as unit
        on
            node.period = unit.period
            and climbed.hierarchy = unit.hierarchy
            and node.unit_id = unit.unit_id
    where node.is_declarer

),

spoken_for as (

    select
        reporters.period,
        reporters.hierarchy,
        reporters.reporter_class,
        ancestor.unit_id,
        (reporters.parent_unit_id = ancestor.unit_id)::int as direct_reporters,
        1 as reporters,
        false as is_declarer
    from reporters
    cross join lateral unnest(reporters.path) as ancestor (unit_id)
    where ancestor.unit_id <> reporters.unit_id

    union all

    select
        declarers.period,
        declarers.hierarchy,
        declarers.reporter_class,
        ancestor.unit_id,
        0 as direct_reporters,
        0 as reporters,
        ancestor.unit_id = declarers.unit_id as is_declarer
    from declarers
    cross join lateral unnest(declarers.path) as ancestor (unit_id)

),

nodes as (

    select
        period,
        hierarchy,
        reporter_class,
        unit_id,
        sum(direct_reporters) as direct_reporters,
        sum(reporters) as reporters,
        bool_or(is_declarer) as is_declarer
    from spoken_for
    group by period, hierarchy, reporter_class, unit_id

),

territorial as (

    select
        reporter.period,
        reporter.reporter_class,
        ancestor.unit_id,
        count(*) as reporters
    from {{ ref('int_reporter_identified') }} as reporter
    cross join lateral unnest(reporter.path) as ancestor (unit_id)
    where
        reporter.is_topmost
        and ancestor.unit_id <> reporter.unit_id
    group by reporter.period, reporter.reporter_class, ancestor.unit_id

),

final as (

    select
        nodes.period,
        nodes.hierarchy,
        nodes.reporter_class,
        nodes.unit_id,
        unit.parent_unit_id,
        unit.level,
        unit.depth,
        true as is_cascaded,
        nodes.is_declarer,
        -- The same reporters hang under it in both trees, so that what it declares is theirs here too.
        nodes.is_declarer or nodes.reporters = territorial.reporters as is_intact,
        nodes.direct_reporters
    from nodes
    inner join {{ ref('int_unit_placed') }} as unit
        on
            nodes.period = unit.period
            and nodes.hierarchy = unit.hierarchy
            and nodes.unit_id = unit.unit_id
    left join territorial
        on
            nodes.period = territorial.period
            and nodes.reporter_class = territorial.reporter_class
            and nodes.unit_id = territorial.unit_id

)

select * from final
