-- Every figure of fct_rollup that differs between two releases, kept for the questions that follow. Only rows that were
-- valid in one of the two are read, by the releases they carry: the cost follows the change, not history.
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
    period_key, unit_key, indicator_key, department_key, province_key, numerator, denominator, rate, rate_low,
    rate_high, basis::text as basis, reporting_units, expected_units, withheld_units,
    (first_release > %(low)s) = %(is_forward)s as is_after
from store.rollup
where
    (first_release <= %(low)s and last_release >= %(low)s and last_release < %(high)s)
    or (
        first_release > %(low)s and first_release <= %(high)s
        and (last_release is null or last_release >= %(high)s)
    )

union all

-- A reporter's own figure is kept once, as its observation.
select
    observation.period_key, observation.unit_key, observation.indicator_key, observation.department_key,
    observation.province_key, observation.numerator,
    case when catalogue.kind = 'ratio' then observation.denominator end, rate.value, rate.value, rate.value,
    'own', 1, 1, 0,
    (observation.first_release > %(low)s) = %(is_forward)s
from store.observation as observation
inner join catalogue
    on
        observation.indicator_key = catalogue.indicator_key
        and (observation.first_release > %(low)s) = catalogue.is_later
cross join lateral (
    select case when catalogue.kind = 'ratio'
        then observation.numerator::numeric / nullif(observation.denominator, 0) end as value
) as rate
where
    observation.is_reporter
    and observation.is_counted
    and (
        (
            observation.first_release <= %(low)s and observation.last_release >= %(low)s
            and observation.last_release < %(high)s
        )
        or (
            observation.first_release > %(low)s and observation.first_release <= %(high)s
            and (observation.last_release is null or observation.last_release >= %(high)s)
        )
    );

analyze pg_temp.one_sided;

create temporary table moved on commit drop as
with

paired as (

    select
        coalesce(after.period_key, before.period_key) as period_key,
        coalesce(after.unit_key, before.unit_key) as unit_key,
        coalesce(after.indicator_key, before.indicator_key) as indicator_key,
        coalesce(after.department_key, before.department_key) as department_key,
        coalesce(after.province_key, before.province_key) as province_key,
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

),

-- The units as either release knew them; the later one names a unit that both knew.
named as (

    select distinct on (unit_key, valid_from, valid_to)
        unit_key, valid_from, valid_to, unit_code, unit_name, level
    from store.org_unit
    where
        first_release <= %(high)s
        and (last_release is null or last_release >= %(low)s)
    order by unit_key, valid_from, valid_to, first_release desc

)

select distinct on (paired.period_key, paired.unit_key, paired.indicator_key)
    paired.*,
    period.period,
    period.last_day,
    unit_key.unit_id,
    indicator_key.indicator,
    named.unit_code,
    named.unit_name,
    coalesce(named.level, '-') as level
from paired
inner join store.period_key as period using (period_key)
inner join store.unit_key as unit_key using (unit_key)
inner join store.indicator_key as indicator_key using (indicator_key)
left join named
    on
        paired.unit_key = named.unit_key
        and (named.valid_from is null or named.valid_from <= period.last_day)
        and (named.valid_to is null or named.valid_to > period.last_day)
where %(indicator)s::text is null or indicator_key.indicator = %(indicator)s
order by paired.period_key, paired.unit_key, paired.indicator_key;

analyze pg_temp.moved;
