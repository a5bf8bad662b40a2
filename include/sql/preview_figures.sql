-- One row per cell (period, indicator, unit) that is another on the proposed register than on the present one, the biggest
-- move first. Reads the tables of preview_cascade.sql, and what preview_level.sql put into preview_resolved.
with

cells as (

    select
        side,
        period,
        indicator,
        unit_id,
        basis,
        numerator,
        denominator,
        reporting_units,
        expected_units
    from preview_resolved
    where basis <> 'missing'

    union all

    select
        observed.side,
        observed.period,
        observed.indicator,
        observed.unit_id,
        'own',
        observed.numerator,
        observed.denominator,
        1,
        1
    from preview_observed as observed
    inner join preview_turned using (era, unit_id)
    inner join preview_speaker as speaker using (era, side, reporter_class, unit_id)
    where
        speaker.is_reporter
        and observed.is_usable

),

compared as (

    select
        period,
        indicator,
        unit_id,
        before.basis as basis_before,
        after.basis as basis_after,
        before.numerator as numerator_before,
        after.numerator as numerator_after,
        before.denominator as denominator_before,
        after.denominator as denominator_after,
        before.reporting_units as reporting_before,
        after.reporting_units as reporting_after,
        before.expected_units as expected_before,
        after.expected_units as expected_after
    from (select * from cells where side = 'before') as before
    full join (select * from cells where side = 'after') as after using (period, indicator, unit_id)

)

select
    compared.period,
    compared.indicator,
    compared.unit_id,
    unit.name as unit_name,
    unit.level,
    compared.basis_before,
    compared.basis_after,
    compared.numerator_before::bigint,
    compared.numerator_after::bigint,
    compared.denominator_before::bigint,
    compared.denominator_after::bigint,
    compared.numerator_before / nullif(compared.denominator_before, 0) as rate_before,
    compared.numerator_after / nullif(compared.denominator_after, 0) as rate_after,
    compared.reporting_before,
    compared.reporting_after,
    compared.expected_before,
    compared.expected_after
from compared
inner join preview_period as period using (period)
left join lateral (
    select
        version.name,
        version.level
    from preview_unit as version
    where
        version.unit_id = compared.unit_id
        and version.valid @> period.last_day
    order by version.side
    limit 1
) as unit on true
where
    compared.numerator_before is distinct from compared.numerator_after
    or compared.denominator_before is distinct from compared.denominator_after
    or compared.reporting_before is distinct from compared.reporting_after
    or compared.expected_before is distinct from compared.expected_after
order by
    greatest(
        abs(coalesce(compared.numerator_after, 0) - coalesce(compared.numerator_before, 0)),
        abs(coalesce(compared.denominator_after, 0) - coalesce(compared.denominator_before, 0))
    ) desc,
    compared.period,
    compared.indicator,
    compared.unit_id;
