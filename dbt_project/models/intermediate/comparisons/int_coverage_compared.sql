-- One row per period, tree and campaign: of all that the campaign asks of the nation in the period, how much was reported,
-- beside the least that its threshold accepts without a signature.
with

asked as (

    select distinct
        period.period,
        calendar.campaign,
        indicator.indicator,
        indicator.reporter_class,
        climbing.hierarchy
    from {{ ref('stg_ops__period') }} as period
    inner join {{ ref('stg_reference__calendar') }} as calendar on period.period = calendar.period
    inner join {{ ref('stg_reference__indicator') }} as indicator
        on indicator.indicator_group = any(calendar.indicator_groups)
    inner join {{ ref('stg_reference__indicator_hierarchy') }} as climbing
        on indicator.indicator = climbing.indicator

),

nation as (

    select
        cascaded.period,
        'territorial' as hierarchy,
        cascaded.indicator,
        cascaded.reporting_units,
        cascaded.expected_units
    from {{ ref('int_rollup_cascaded') }} as cascaded
    inner join {{ ref('int_unit_hierarchized') }} as unit
        on
            cascaded.period = unit.period
            and cascaded.unit_id = unit.unit_id
    where
        unit.level = 'nation'
        and cascaded.basis <> 'missing'

    union all

    select
        grouped.period,
        grouped.hierarchy,
        grouped.indicator,
        grouped.reporting_units,
        grouped.expected_units
    from {{ ref('int_rollup_grouped') }} as grouped
    inner join {{ ref('int_unit_placed') }} as unit
        on
            grouped.period = unit.period
            and grouped.hierarchy = unit.hierarchy
            and grouped.unit_id = unit.unit_id
    where
        unit.level = 'nation'
        and grouped.basis <> 'missing'

),

-- The nation has no cell where nobody said anything. Who was expected is what its provinces say (the missing ones too), and
-- the provinces themselves where they report.
provinces as (

    select
        cell.period,
        cell.indicator,
        cell.expected_units
    from {{ ref('int_rollup_cascaded') }} as cell
    where cell.is_province

    union all

    select
        period,
        indicator,
        expected_units
    from {{ ref('stg_store__province_cell') }}

    union all

    select
        reporter.period,
        indicator.indicator,
        1 as expected_units
    from {{ ref('int_reporter_identified') }} as reporter
    inner join {{ ref('stg_reference__indicator') }} as indicator
        on reporter.reporter_class = indicator.reporter_class
    where
        reporter.level = 'province'
        and reporter.is_topmost

),

silent as (

    select
        period,
        indicator,
        sum(expected_units) as expected_units
    from provinces
    group by period, indicator

),

covered as (

    select
        asked.period,
        asked.hierarchy,
        asked.campaign,
        count(*) as indicators,
        count(*) filter (where nation.indicator is null) as silent_indicators,
        sum(coalesce(nation.reporting_units, 0))::bigint as reporting_units,
        -- In any tree: of a period in which nobody has spoken yet nothing is published.
        sum(sum(coalesce(nation.reporting_units, 0))) over (partition by asked.period, asked.campaign) > 0 as is_spoken_of,
        sum(coalesce(nation.expected_units, silent.expected_units, 0))::bigint as expected_units
    from asked
    left join nation
        on
            asked.period = nation.period
            and asked.hierarchy = nation.hierarchy
            and asked.indicator = nation.indicator
    left join silent
        on
            asked.period = silent.period
            and asked.indicator = silent.indicator
    group by asked.period, asked.hierarchy, asked.campaign

),

-- The nearest threshold: of the campaign in the period, of the period, of the campaign, of all.
beside as (

    select distinct on (covered.period, covered.hierarchy, covered.campaign)
        covered.period,
        covered.hierarchy,
        covered.campaign,
        'VN' as unit_id,
        covered.indicators,
        covered.silent_indicators,
        covered.reporting_units,
        covered.expected_units,
        covered.is_spoken_of,
        {{ safe_ratio('covered.reporting_units', 'covered.expected_units') }} as coverage,
        threshold.coverage as threshold,
        threshold.reason as threshold_reason
    from covered
    left join {{ ref('stg_ops__coverage_threshold') }} as threshold
        on
            coalesce(threshold.campaign, covered.campaign) = covered.campaign
            and coalesce(threshold.period, covered.period) = covered.period
    order by
        covered.period, covered.hierarchy, covered.campaign, threshold.period is null, threshold.campaign is null

),

final as (

    select
        *,
        coalesce(is_spoken_of and coverage < threshold, false) as is_below
    from beside

)

select * from final
