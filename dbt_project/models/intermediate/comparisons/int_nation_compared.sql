{{ config(pre_hook="set local enable_sort = off; set local enable_nestloop = off; set local parallel_tuple_cost = 0.01") }}

-- One row per period, indicator and measure: the nation's figure beside the sums of its departments, of its provinces
-- (and of what departments declared for all of theirs), of its leaves, and the nation restated.
with

-- The second path, in one pass: where the provinces are themselves the reporters, each of them apart.
terminal as materialized (

    select
        period,
        indicator,
        case when level = 'province' then unit_id end as province_unit_id,
        min(department_unit_id) as department_unit_id,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from {{ ref('int_terminal_traced') }}
    group by period, indicator, case when level = 'province' then unit_id end

),

-- Provinces that the night leaves alone: that their leaves make their figures was proved when these were published.
published as (

    select
        period,
        indicator,
        unit_id,
        basis,
        numerator,
        denominator
    from {{ ref('stg_store__province_cell') }}
    where basis <> 'missing'

    union all

    select
        observation.period,
        observation.indicator,
        observation.unit_id,
        'own' as basis,
        observation.numerator,
        observation.summed_denominator as denominator
    from {{ ref('stg_store__observation') }} as observation
    inner join {{ ref('int_reporter_identified') }} as reporter
        on
            observation.period = reporter.period
            and observation.unit_id = reporter.unit_id
            and observation.reporter_class = reporter.reporter_class
    inner join {{ ref('stg_store__partition') }} as left_alone
        on
            observation.period = left_alone.period
            and observation.unit_id = left_alone.province_unit_id
    where
        reporter.is_topmost
        and observation.is_usable

),

figures as (

    select
        cascaded.period,
        cascaded.indicator,
        unit.level,
        cascaded.unit_id,
        unit.department_unit_id,
        cascaded.basis,
        cascaded.numerator,
        cascaded.denominator
    from {{ ref('int_rollup_cascaded') }} as cascaded
    inner join {{ ref('int_unit_hierarchized') }} as unit
        on
            cascaded.period = unit.period
            and cascaded.unit_id = unit.unit_id
    where
        unit.level in ('nation', 'department', 'province')
        and cascaded.basis <> 'missing'

    union all

    select
        published.period,
        published.indicator,
        unit.level,
        published.unit_id,
        unit.department_unit_id,
        published.basis,
        published.numerator,
        published.denominator
    from published
    inner join {{ ref('int_unit_hierarchized') }} as unit
        on
            published.period = unit.period
            and published.unit_id = unit.unit_id

    union all

    -- Where the provinces are themselves the reporters, their figures are their own.
    select
        period,
        indicator,
        'province' as level,
        province_unit_id as unit_id,
        department_unit_id,
        'own' as basis,
        numerator,
        denominator
    from terminal
    where
        province_unit_id is not null
        and not exists (
            select 1
            from {{ ref('int_rollup_cascaded') }} as cascaded
            where
                cascaded.period = terminal.period
                and cascaded.indicator = terminal.indicator
                and cascaded.unit_id = terminal.province_unit_id
        )

),

declaring_departments as (

    select
        period,
        indicator,
        unit_id
    from figures
    where
        level = 'department'
        and basis = 'declared'

),

levelled as (

    select
        figures.period,
        figures.indicator,
        figures.level,
        figures.numerator,
        figures.denominator,
        declaring.unit_id is not null as is_under_declaration
    from figures
    left join declaring_departments as declaring
        on
            figures.period = declaring.period
            and figures.indicator = declaring.indicator
            and figures.department_unit_id = declaring.unit_id

),

summed as (

    select
        period,
        indicator,
        sum(numerator) filter (where level = 'nation') as nation_numerator,
        sum(denominator) filter (where level = 'nation') as nation_denominator,
        sum(numerator) filter (where level = 'department') as departments_numerator,
        sum(denominator) filter (where level = 'department') as departments_denominator,
        sum(numerator) filter (
            where (level = 'province' and not is_under_declaration) or (level = 'department' and is_under_declaration)
        ) as provinces_numerator,
        sum(denominator) filter (
            where (level = 'province' and not is_under_declaration) or (level = 'department' and is_under_declaration)
        ) as provinces_denominator
    from levelled
    group by period, indicator

),

leaves as (

    select
        period,
        indicator,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from (
        select
            period,
            indicator,
            numerator,
            denominator
        from terminal

        union all

        select
            published.period,
            published.indicator,
            published.numerator,
            published.denominator
        from published
        inner join {{ ref('int_unit_hierarchized') }} as unit
            on
                published.period = unit.period
                and published.unit_id = unit.unit_id
        where
            not exists (
                select 1
                from {{ ref('int_rollup_cascaded') }} as taken
                where
                    taken.basis = 'declared'
                    and taken.period = published.period
                    and taken.indicator = published.indicator
                    and taken.unit_id in (unit.department_unit_id, unit.path[1])
            )
    ) as spoken
    group by period, indicator

),

-- Today's nation holds every unit of every time: restating changes none of its totals.
restated as (

    select
        restated.period,
        restated.indicator,
        restated.numerator,
        restated.denominator
    from {{ ref('int_rollup_restated') }} as restated
    inner join {{ ref('int_unit_restated') }} as today on restated.unit_id = today.unit_id
    where today.level = 'nation'

),

final as (

    select
        period,
        indicator,
        'VN' as unit_id,
        'numerator' as measure,
        summed.nation_numerator as nation,
        summed.departments_numerator as departments,
        summed.provinces_numerator as provinces,
        leaves.numerator as leaves,
        case
            when era.period is null then summed.nation_numerator
            else restated.numerator
        end as restated
    from summed
    full join leaves using (period, indicator)
    left join restated using (period, indicator)
    left join {{ ref('int_period_restated') }} as era using (period)

    union all

    select
        period,
        indicator,
        'VN' as unit_id,
        'denominator' as measure,
        summed.nation_denominator as nation,
        summed.departments_denominator as departments,
        summed.provinces_denominator as provinces,
        leaves.denominator as leaves,
        case
            when era.period is null then summed.nation_denominator
            else restated.denominator
        end as restated
    from summed
    full join leaves using (period, indicator)
    left join restated using (period, indicator)
    left join {{ ref('int_period_restated') }} as era using (period)

)

select * from final
