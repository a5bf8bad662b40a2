{{ config(
    indexes=[{'columns': ['unit_id', 'population', 'period', 'reporter_class'], 'unique': true}],
    post_hook='analyze {{ this }}'
) }}

{#- D of a unit: its own count if the ledger has one, else the sum over its children if each is known. The children are
    those of the cascade, so the sum depends on who reports: one row per unit, population and reporter class. -#}

with

pairs as (

    select distinct
        period.period,
        indicator.reporter_class,
        indicator.population
    from {{ ref('stg_ops__period') }} as period
    cross join {{ ref('stg_reference__indicator') }} as indicator
    where indicator.population is not null

),

counted as not materialized (

    select
        period,
        unit_id,
        population,
        amount,
        source
    from {{ ref('int_population_counted') }}

    union all

    select
        period,
        unit_id,
        population,
        amount,
        source
    from {{ ref('stg_store__population') }} as published
    where
        published.is_of_province
        or {{ is_laid_out_whole('published.period') }}

),

-- Provinces that the night leaves alone, with D where it is known. Where the period is shown on today's tree too, D is worked
-- out once more of all that stands under them: units of today may be parts of theirs.
published as (

    select
        node.period,
        node.reporter_class,
        pairs.population,
        node.parent_unit_id,
        node.depth,
        known.amount
    from {{ ref('int_node_identified') }} as node
    inner join pairs
        on
            node.period = pairs.period
            and node.reporter_class = pairs.reporter_class
    left join {{ ref('stg_store__province_population') }} as known
        on
            node.period = known.period
            and node.unit_id = known.unit_id
            and node.reporter_class = known.reporter_class
            and pairs.population = known.population
    left join {{ ref('int_period_restated') }} as restated on node.period = restated.period
    where
        node.level = 'province'
        and node.is_cascaded
        and not node.is_rebuilt
        and restated.period is null

),

reporters_below as (

    select
        reporter.period,
        reporter.reporter_class,
        pairs.population,
        reporter.parent_unit_id,
        count(counted.amount) as known,
        sum(counted.amount) as amount
    from {{ ref('int_reporter_identified') }} as reporter
    inner join pairs
        on
            reporter.period = pairs.period
            and reporter.reporter_class = pairs.reporter_class
    left join counted
        on
            reporter.period = counted.period
            and reporter.unit_id = counted.unit_id
            and pairs.population = counted.population
    where reporter.is_topmost
    group by reporter.period, reporter.reporter_class, pairs.population, reporter.parent_unit_id

),

frame as (

    select
        node.period,
        node.reporter_class,
        node.unit_id,
        node.parent_unit_id,
        node.depth,
        node.direct_reporters,
        pairs.population,
        counted.amount as own_amount,
        counted.source as own_source
    from {{ ref('int_node_identified') }} as node
    inner join pairs
        on
            node.period = pairs.period
            and node.reporter_class = pairs.reporter_class
    left join counted
        on
            node.period = counted.period
            and node.unit_id = counted.unit_id
            and pairs.population = counted.population
    left join {{ ref('int_period_restated') }} as restated on node.period = restated.period
    where
        node.is_cascaded
        and (node.is_rebuilt or restated.period is not null)

),

{% for depth in range(max_depth() - 1, -1, -1) -%}
depth_{{ depth }} as (

    select
        frame.period,
        frame.reporter_class,
        frame.unit_id,
        frame.parent_unit_id,
        frame.population,
        case
            when frame.own_amount is not null then frame.own_amount
            when
                frame.direct_reporters + coalesce(nodes.nodes, 0) > 0
                and frame.direct_reporters = coalesce(reporters.known, 0)
                and coalesce(nodes.nodes, 0) = coalesce(nodes.known, 0)
                then (coalesce(reporters.amount, 0) + coalesce(nodes.amount, 0))::bigint
        end as amount,
        coalesce(frame.own_source, 'children') as source
    from frame
    left join reporters_below as reporters
        on
            frame.period = reporters.period
            and frame.reporter_class = reporters.reporter_class
            and frame.population = reporters.population
            and frame.unit_id = reporters.parent_unit_id
    {% if depth < max_depth() - 1 -%}
    left join (
        select
            period,
            reporter_class,
            population,
            parent_unit_id,
            count(*) as nodes,
            count(amount) as known,
            sum(amount) as amount
        from (
            select period, reporter_class, population, parent_unit_id, amount from depth_{{ depth + 1 }}
            union all
            select period, reporter_class, population, parent_unit_id, amount from published where depth = {{ depth + 1 }}
        ) as child
        group by period, reporter_class, population, parent_unit_id
    ) as nodes
        on
            frame.period = nodes.period
            and frame.reporter_class = nodes.reporter_class
            and frame.population = nodes.population
            and frame.unit_id = nodes.parent_unit_id
    {% else -%}
    cross join (select 0 as nodes, 0 as known, 0 as amount) as nodes
    {% endif -%}
    where frame.depth = {{ depth }}

),

{% endfor -%}
reporters as (

    select
        reporter.period,
        reporter.reporter_class,
        reporter.unit_id,
        pairs.population,
        counted.amount,
        counted.source
    from {{ ref('int_reporter_identified') }} as reporter
    inner join pairs
        on
            reporter.period = pairs.period
            and reporter.reporter_class = pairs.reporter_class
    inner join counted
        on
            reporter.period = counted.period
            and reporter.unit_id = counted.unit_id
            and pairs.population = counted.population

),

final as (

    {% for depth in range(max_depth()) -%}
    select period, unit_id, population, reporter_class, amount, source from depth_{{ depth }} where amount is not null
    union all
    {% endfor -%}
    select period, unit_id, population, reporter_class, amount, source from reporters

)

select * from final
