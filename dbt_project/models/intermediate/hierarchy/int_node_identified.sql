{{ config(
    indexes=[{'columns': ['period', 'unit_id', 'reporter_class'], 'unique': true}],
    post_hook='analyze {{ this }}'
) }}

with

reporters as not materialized (

    select * from {{ ref('int_reporter_identified') }}

),

-- A province with no registered reporter is itself expected to say, by declaration.
declarers as (

    select
        unit.period,
        reporter.reporter_class,
        unit.unit_id,
        unit.path
    from {{ ref('int_unit_hierarchized') }} as unit
    cross join {{ ref('stg_reference__reporter') }} as reporter
    where
        unit.level = 'province'
        and (unit.is_rebuilt or {{ is_laid_out_whole('unit.period') }})
        and not exists (
            select 1
            from reporters
            where
                reporters.period = unit.period
                and reporters.reporter_class = reporter.reporter_class
                and reporters.province_unit_id = unit.unit_id
        )

),

spoken_for as (

    select
        reporters.period,
        reporters.reporter_class,
        ancestor.unit_id,
        reporters.is_topmost as is_cascaded,
        false as is_declarer
    from reporters
    cross join lateral unnest(reporters.path) as ancestor (unit_id)
    where ancestor.unit_id <> reporters.unit_id

    union all

    select
        declarers.period,
        declarers.reporter_class,
        ancestor.unit_id,
        true as is_cascaded,
        ancestor.unit_id = declarers.unit_id as is_declarer
    from declarers
    cross join lateral unnest(declarers.path) as ancestor (unit_id)

    union all

    -- A province that is left alone stands in the tree with its published cells.
    select
        published.period,
        published.reporter_class,
        ancestor.unit_id,
        true as is_cascaded,
        false as is_declarer
    from (
        select distinct
            cell.period,
            indicator.reporter_class,
            cell.unit_id
        from {{ ref('stg_store__province_cell') }} as cell
        inner join {{ ref('stg_reference__indicator') }} as indicator on cell.indicator = indicator.indicator
    ) as published
    inner join {{ ref('int_unit_hierarchized') }} as unit
        on
            published.period = unit.period
            and published.unit_id = unit.unit_id
    cross join lateral unnest(unit.path) as ancestor (unit_id)

),

nodes as (

    select
        period,
        reporter_class,
        unit_id,
        bool_or(is_cascaded) as is_cascaded,
        bool_or(is_declarer) as is_declarer
    from spoken_for
    group by period, reporter_class, unit_id

),

direct_reporters as (

    select
        period,
        reporter_class,
        parent_unit_id,
        count(*) as reporters
    from reporters
    where is_topmost
    group by period, reporter_class, parent_unit_id

),

final as (

    select
        nodes.period,
        nodes.reporter_class,
        nodes.unit_id,
        unit.parent_unit_id,
        unit.level,
        unit.department_unit_id,
        unit.province_unit_id,
        unit.depth,
        unit.is_rebuilt,
        nodes.is_cascaded,
        nodes.is_declarer,
        coalesce(direct_reporters.reporters, 0) as direct_reporters  -- none registered directly under it
    from nodes
    inner join {{ ref('int_unit_hierarchized') }} as unit
        on
            nodes.period = unit.period
            and nodes.unit_id = unit.unit_id
    left join direct_reporters
        on
            nodes.period = direct_reporters.period
            and nodes.reporter_class = direct_reporters.reporter_class
            and nodes.unit_id = direct_reporters.parent_unit_id

)

select * from final
