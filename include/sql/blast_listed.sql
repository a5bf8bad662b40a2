-- The figures that a night's candidate would move, the largest first.
select
    effect.period,
    effect.unit_id,
    named.unit_code,
    named.unit_name,
    effect.level,
    effect.indicator,
    effect.before_numerator,
    effect.before_denominator,
    effect.before_rate,
    effect.before_basis,
    effect.before_reporting_units,
    effect.before_expected_units,
    effect.after_numerator,
    effect.after_denominator,
    effect.after_rate,
    effect.after_basis,
    effect.after_reporting_units,
    effect.after_expected_units
from ops.run_effect as effect
left join lateral (
    -- A unit that the published register does not know yet is named by the one that is loaded.
    select unit.code as unit_code, unit.name as unit_name
    from reference.org_unit as unit
    where
        unit.unit_id = effect.unit_id
        and unit.valid @> (to_date(effect.period, 'YYYY-MM') + interval '1 month - 1 day')::date
    limit 1
) as named on true
where
    effect.run_id = %(run_id)s
    and (%(level)s::text is null or effect.level = %(level)s)
    and (%(indicator)s::text is null or effect.indicator = %(indicator)s)
order by
    array_position(array['nation', 'department', 'province'], effect.level),
    abs(coalesce(effect.after_numerator, 0) - coalesce(effect.before_numerator, 0)) desc,
    abs(coalesce(effect.after_denominator, 0) - coalesce(effect.before_denominator, 0)) desc,
    effect.period, effect.indicator, effect.unit_id
limit %(shown)s;
