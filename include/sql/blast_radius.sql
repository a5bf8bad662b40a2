-- What the candidate of a night would move at province, department and nation, beside what is published now. Whom that
-- concerns is set apart and counted first: without it the planner would go through the store once for each of them.
drop table if exists pg_temp.scope, pg_temp.shown, pg_temp.asked;

-- What of the store the candidate replaces; '-' stands for what is above the provinces.
create temporary table scope on commit drop as
select period, province_unit_id
from ops.run_partition
where run_id = %(run_id)s;
analyze pg_temp.scope;

create temporary table shown on commit drop as
with

-- The units as the candidate's register has them: a figure that would vanish may be of a unit that only today's knows.
unit as (

    select unit_id, valid_from, valid_to, level, true as is_candidate
    from candidate.dim_org_unit
    where level in ('nation', 'department', 'province')

    union all

    select unit_key.unit_id, org_unit.valid_from, org_unit.valid_to, org_unit.level, false
    from store.org_unit as org_unit
    inner join store.unit_key as unit_key using (unit_key)
    where
        org_unit.last_release is null
        and org_unit.level in ('nation', 'department', 'province')

)

select distinct on (spoken.period, unit.unit_id)
    spoken.period,
    unit.unit_id,
    unit.level
from (select distinct period from scope where period ~ '^\d{4}-\d{2}$') as spoken
inner join unit
    on
        (unit.valid_from is null or unit.valid_from <= to_date(spoken.period, 'YYYY-MM') + interval '1 month - 1 day')
        and (unit.valid_to is null or unit.valid_to > to_date(spoken.period, 'YYYY-MM') + interval '1 month - 1 day')
order by spoken.period, unit.unit_id, unit.is_candidate desc;
analyze pg_temp.shown;

-- The nation, departments and provinces are few: the indicators make their keys whole.
create temporary table asked on commit drop as
with

shown_key as (

    select
        period_key.period_key,
        unit_key.unit_key,
        shown.period,
        shown.unit_id
    from shown
    inner join store.period_key as period_key using (period)
    inner join store.unit_key as unit_key using (unit_id)

)

select shown_key.*, indicator_key.indicator_key, indicator_key.indicator
from shown_key
cross join store.indicator_key as indicator_key;
analyze pg_temp.asked;
analyze candidate.fct_rollup;

insert into ops.run_effect (
    run_id, period, unit_id, level, indicator,
    before_numerator, before_denominator, before_rate, before_basis, before_reporting_units, before_expected_units,
    after_numerator, after_denominator, after_rate, after_basis, after_reporting_units, after_expected_units
)
with

-- A reporter's own figure is kept once, as its observation. Few of the night's observations are of units shown here: as
-- constants they are told apart before anything is joined, and where there are none nothing is read.
spoken as materialized (

    select
        observation.period, observation.unit_id, observation.indicator, observation.numerator,
        observation.summed_denominator as denominator
    from intermediate.int_observation_cleared as observation
    inner join shown
        on
            observation.period = shown.period
            and observation.unit_id = shown.unit_id
    where
        cardinality(%(speakers)s::text[]) > 0
        and observation.unit_id = any(%(speakers)s::text[])
        and observation.is_reporter
        and observation.is_usable

),

after as (

    select
        rollup.period, rollup.unit_id, rollup.indicator, rollup.numerator, rollup.denominator, rollup.rate,
        rollup.basis, rollup.reporting_units, rollup.expected_units
    from candidate.fct_rollup as rollup
    inner join shown using (period, unit_id)
    inner join scope
        on
            rollup.period = scope.period
            and coalesce(rollup.province_unit_id, '-') = scope.province_unit_id

    union all

    select
        period, unit_id, indicator, numerator, denominator,
        numerator::numeric / nullif(denominator, 0),
        'own', 1, 1
    from spoken

),

published as (

    select
        asked.period, asked.unit_id, asked.indicator, rollup.province_key, rollup.numerator, rollup.denominator,
        rollup.rate, rollup.basis::text as basis, rollup.reporting_units, rollup.expected_units
    from asked
    inner join store.rollup as rollup using (period_key, indicator_key, unit_key)
    where rollup.last_release is null

    union all

    select
        asked.period, asked.unit_id, asked.indicator, observation.province_key, observation.numerator,
        case when indicator.kind = 'ratio' then observation.denominator end,
        case when indicator.kind = 'ratio'
            then observation.numerator::numeric / nullif(observation.denominator, 0) end,
        'own', 1, 1
    from asked
    inner join store.observation as observation using (period_key, indicator_key, unit_key)
    inner join store.indicator as indicator
        on
            asked.indicator = indicator.indicator
            and indicator.last_release is null
    where
        observation.last_release is null
        and observation.is_reporter
        and observation.is_counted

),

before as (

    select published.*
    from published
    left join store.unit_key as province on published.province_key = province.unit_key
    inner join scope
        on
            published.period = scope.period
            and coalesce(province.unit_id, '-') = scope.province_unit_id

)

select
    %(run_id)s,
    shown.period,
    shown.unit_id,
    shown.level,
    coalesce(after.indicator, before.indicator),
    before.numerator, before.denominator, before.rate, before.basis, before.reporting_units, before.expected_units,
    after.numerator, after.denominator, after.rate, after.basis, after.reporting_units, after.expected_units
from before
full join after
    on
        before.period = after.period
        and before.unit_id = after.unit_id
        and before.indicator = after.indicator
inner join shown
    on
        shown.period = coalesce(after.period, before.period)
        and shown.unit_id = coalesce(after.unit_id, before.unit_id)
where
    before.basis is distinct from after.basis
    or (before.numerator, before.denominator, before.rate, before.reporting_units, before.expected_units)
    is distinct from (after.numerator, after.denominator, after.rate, after.reporting_units, after.expected_units);
