-- Every figure of fct_rollup that differs between two releases, kept for the questions that follow. Only rows that were
-- valid in one of the two are read, by the releases they carry and once: the cost follows the change, not history.
create temporary table spoken on commit drop as
select
    period_key, indicator_key, unit_key, scope, department_key, province_key, mark, numerator, denominator, is_reporter,
    is_counted, is_withheld, withheld_by, submission_seq, first_release > %(low)s as is_later
from store.observation
where
    (
        (first_release <= %(low)s and last_release >= %(low)s and last_release < %(high)s)
        or (
            first_release > %(low)s and first_release <= %(high)s
            and (last_release is null or last_release >= %(high)s)
        )
    )
    and (
        %(indicator)s::text is null
        or indicator_key = (select key.indicator_key from store.indicator_key as key where key.indicator = %(indicator)s)
    );

analyze pg_temp.spoken;

create temporary table one_sided on commit drop as
with

-- The catalogue of either release says whether a figure has a denominator.
catalogue as materialized (

    select
        indicator_key.indicator_key,
        side.is_later,
        indicator.kind
    from (values (%(low)s::integer, false), (%(high)s::integer, true)) as side (release_id, is_later)
    inner join store.indicator as indicator
        on
            indicator.first_release <= side.release_id
            and (indicator.last_release is null or indicator.last_release >= side.release_id)
    inner join store.indicator_key as indicator_key on indicator.indicator = indicator_key.indicator

)

select
    period_key, unit_key, indicator_key, numerator, denominator, rate, rate_low, rate_high, basis::text as basis,
    reporting_units, expected_units, withheld_units, (first_release > %(low)s) = %(is_forward)s as is_after
from store.rollup
where
    (
        (first_release <= %(low)s and last_release >= %(low)s and last_release < %(high)s)
        or (
            first_release > %(low)s and first_release <= %(high)s
            and (last_release is null or last_release >= %(high)s)
        )
    )
    and (
        %(indicator)s::text is null
        or indicator_key = (select key.indicator_key from store.indicator_key as key where key.indicator = %(indicator)s)
    )

union all

-- A reporter's own figure is kept once, as its observation.
select
    spoken.period_key, spoken.unit_key, spoken.indicator_key, spoken.numerator,
    case when catalogue.kind = 'ratio' then spoken.denominator end, rate.value, rate.value, rate.value, 'own',
    1, 1, 0, spoken.is_later = %(is_forward)s
from pg_temp.spoken as spoken
inner join catalogue
    on
        spoken.indicator_key = catalogue.indicator_key
        and spoken.is_later = catalogue.is_later
cross join lateral (
    select case when catalogue.kind = 'ratio'
        then spoken.numerator::numeric / nullif(spoken.denominator, 0) end as value
) as rate
where spoken.is_reporter and spoken.is_counted;

analyze pg_temp.one_sided;

-- The units as either release knew them on the last day of a period; the later one names a unit that both knew.
create temporary table named on commit drop as
select distinct on (period.period_key, unit.unit_key)
    period.period_key, unit.unit_key, unit.unit_code, unit.unit_name, unit.level
from store.period_key as period
inner join store.org_unit as unit
    on
        (unit.valid_from is null or unit.valid_from <= period.last_day)
        and (unit.valid_to is null or unit.valid_to > period.last_day)
where
    period.period_key in (select one_sided.period_key from pg_temp.one_sided)
    and unit.first_release <= %(high)s
    and (unit.last_release is null or unit.last_release >= %(low)s)
order by period.period_key, unit.unit_key, unit.first_release desc, unit.valid_from desc nulls last;

analyze pg_temp.named;

create temporary table moved on commit drop as
with

paired as (

    select
        coalesce(after.period_key, before.period_key) as period_key,
        coalesce(after.unit_key, before.unit_key) as unit_key,
        coalesce(after.indicator_key, before.indicator_key) as indicator_key,
        before.numerator as before_numerator,
        before.denominator as before_denominator,
        before.rate as before_rate,
        before.rate_low as before_rate_low,
        before.rate_high as before_rate_high,
        before.basis as before_basis,
        before.reporting_units as before_reporting_units,
        before.expected_units as before_expected_units,
        before.withheld_units as before_withheld_units,
        after.numerator as after_numerator,
        after.denominator as after_denominator,
        after.rate as after_rate,
        after.rate_low as after_rate_low,
        after.rate_high as after_rate_high,
        after.basis as after_basis,
        after.reporting_units as after_reporting_units,
        after.expected_units as after_expected_units,
        after.withheld_units as after_withheld_units
    from (select * from pg_temp.one_sided where not is_after) as before
    full join (select * from pg_temp.one_sided where is_after) as after
        on
            before.period_key = after.period_key
            and before.unit_key = after.unit_key
            and before.indicator_key = after.indicator_key
    where
        before.basis is distinct from after.basis
        or (
            before.numerator, before.denominator, before.rate, before.rate_low, before.rate_high,
            before.reporting_units, before.expected_units, before.withheld_units
        ) is distinct from (
            after.numerator, after.denominator, after.rate, after.rate_low, after.rate_high,
            after.reporting_units, after.expected_units, after.withheld_units
        )

)

-- By their keys alone: what a period adds is two million rows, and their names are asked of few.
select
    paired.*,
    coalesce(named.level, '-') as level
from paired
left join pg_temp.named as named using (period_key, unit_key);

analyze pg_temp.moved;
