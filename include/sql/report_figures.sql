-- One row per period, unit (nation, departments, provinces) and indicator: the figure, and the declaration beside it.
with

shown as (

    select period
    from marts.dim_period
    order by period desc
    limit %(periods)s

),

declared as (

    select
        period,
        unit_id,
        indicator,
        max(declared) filter (where measure = 'numerator') as declared_numerator,
        max(declared) filter (where measure = 'denominator') as declared_denominator,
        max(computed) filter (where measure = 'numerator') as computed_numerator,
        max(computed) filter (where measure = 'denominator') as computed_denominator,
        max(imbalance) filter (where measure = 'numerator') as imbalance_numerator,
        max(imbalance) filter (where measure = 'denominator') as imbalance_denominator,
        bool_and(verdict) filter (where verdict is not null) as verdict
    from marts.fct_reconciliation
    where
        unit_id = 'VN'
        or unit_id = department_unit_id
        or unit_id = province_unit_id
    group by period, unit_id, indicator

),

rolled as (

    select *
    from marts.fct_rollup
    where
        level in ('nation', 'department', 'province')
        and period in (select period from shown)

)

select
    coalesce(rolled.period, declared.period) as period,
    coalesce(rolled.unit_id, declared.unit_id) as unit_id,
    coalesce(rolled.indicator, declared.indicator) as indicator,
    catalogue.indicator_group,
    catalogue.name_vi,
    catalogue.name_en,
    catalogue.kind,
    rolled.numerator,
    rolled.denominator,
    rolled.rate,
    rolled.rate_low,
    rolled.rate_high,
    rolled.basis,
    rolled.reporting_units,
    rolled.expected_units,
    rolled.coverage,
    rolled.withheld_units,
    declared.declared_numerator,
    declared.declared_denominator,
    declared.computed_numerator,
    declared.computed_denominator,
    declared.imbalance_numerator,
    declared.imbalance_denominator,
    declared.verdict,
    declared.period is not null as is_declared
from rolled
full join declared using (period, unit_id, indicator)
left join marts.dim_indicator as catalogue on coalesce(rolled.indicator, declared.indicator) = catalogue.indicator
where coalesce(rolled.period, declared.period) in (select period from shown)
order by 1 desc, 2, catalogue.indicator_group, catalogue.indicator;
