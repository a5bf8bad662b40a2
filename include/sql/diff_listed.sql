-- The moved figures, the largest first: the nation before its parts, then by how much the numerator moved.
select
    moved.period,
    moved.unit_id,
    moved.unit_code,
    moved.unit_name,
    moved.level,
    moved.indicator,
    moved.before_numerator,
    moved.before_denominator,
    moved.before_rate,
    moved.before_rate_low,
    moved.before_rate_high,
    moved.before_basis,
    moved.before_reporting_units,
    moved.before_expected_units,
    moved.before_withheld_units,
    moved.after_numerator,
    moved.after_denominator,
    moved.after_rate,
    moved.after_rate_low,
    moved.after_rate_high,
    moved.after_basis,
    moved.after_reporting_units,
    moved.after_expected_units,
    moved.after_withheld_units,
    because.causes
from pg_temp.moved as moved
left join (
    select period_key, unit_key, indicator_key, array_agg(kind || ':' || reference order by kind, reference) as causes
    from pg_temp.cause
    group by period_key, unit_key, indicator_key
) as because using (period_key, unit_key, indicator_key)
where %(level)s::text is null or moved.level = %(level)s
order by
    array_position(array['nation', 'department', 'grouping', 'province', 'district', 'grassroots'], moved.level),
    abs(coalesce(moved.after_numerator, 0) - coalesce(moved.before_numerator, 0)) desc,
    abs(coalesce(moved.after_denominator, 0) - coalesce(moved.before_denominator, 0)) desc,
    moved.period, moved.indicator, moved.unit_id
limit %(shown)s;
