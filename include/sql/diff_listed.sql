-- The moved figures, the largest first: the nation before its parts, then by how much the numerator moved. Only what is
-- shown is asked for its causes.
with

shown as materialized (

    select largest.*, row_number() over () as place
    from (
        select moved.*, period.period, unit_key.unit_id, indicator_key.indicator
        from pg_temp.moved as moved
        inner join store.period_key as period using (period_key)
        inner join store.unit_key as unit_key using (unit_key)
        inner join store.indicator_key as indicator_key using (indicator_key)
        where %(level)s::text is null or moved.level = %(level)s
        order by
            array_position(array['nation', 'department', 'grouping', 'province', 'district', 'grassroots'], moved.level),
            abs(coalesce(moved.after_numerator, 0) - coalesce(moved.before_numerator, 0)) desc,
            abs(coalesce(moved.after_denominator, 0) - coalesce(moved.before_denominator, 0)) desc,
            period.period, indicator_key.indicator, unit_key.unit_id
        limit %(shown)s
    ) as largest

),

because as (

    select
        shown.place,
        array_agg(cause_name.kind || ':' || cause_name.reference order by cause_name.cause_key) as causes
    from shown
    inner join pg_temp.cause as cause using (period_key, unit_key, indicator_key)
    inner join pg_temp.cause_name as cause_name using (cause_key)
    group by shown.place

)

select
    shown.period,
    shown.unit_id,
    named.unit_code,
    named.unit_name,
    shown.level,
    shown.indicator,
    shown.before_numerator,
    shown.before_denominator,
    shown.before_rate,
    shown.before_rate_low,
    shown.before_rate_high,
    shown.before_basis,
    shown.before_reporting_units,
    shown.before_expected_units,
    shown.before_withheld_units,
    shown.after_numerator,
    shown.after_denominator,
    shown.after_rate,
    shown.after_rate_low,
    shown.after_rate_high,
    shown.after_basis,
    shown.after_reporting_units,
    shown.after_expected_units,
    shown.after_withheld_units,
    because.causes
from shown
left join pg_temp.named as named using (period_key, unit_key)
left join because using (place)
order by shown.place;
