-- Ranks among provinces by rate, of each period and indicator in which a province's rate moved: who stands elsewhere now,
-- whom it passed, and who passed it. Equal rates share a rank.
with

raced as (

    select distinct period_key, indicator_key
    from pg_temp.moved
    where level = 'province' and before_rate is distinct from after_rate

),

province as (

    select distinct on (unit_key, valid_from, valid_to) unit_key, valid_from, valid_to, unit_code, unit_name
    from store.org_unit
    where
        level = 'province'
        and first_release <= %(high)s
        and (last_release is null or last_release >= %(low)s)
    order by unit_key, valid_from, valid_to, first_release desc

),

-- The provinces of the period: their keys lead to the rows, current and closed apart as their indexes are.
racing as (

    select raced.period_key, raced.indicator_key, province.unit_key, province.unit_code, province.unit_name
    from raced
    inner join store.period_key as period using (period_key)
    inner join province
        on
            (province.valid_from is null or province.valid_from <= period.last_day)
            and (province.valid_to is null or province.valid_to > period.last_day)

),

rated as (

    select racing.*, rollup.rate, rollup.first_release, rollup.last_release
    from racing
    inner join store.rollup as rollup using (period_key, indicator_key, unit_key)
    where rollup.last_release is null

    union all

    select racing.*, rollup.rate, rollup.first_release, rollup.last_release
    from racing
    inner join store.rollup as rollup using (period_key, indicator_key, unit_key)
    where rollup.last_release >= %(low)s

    union all

    select
        racing.*, observation.numerator::numeric / nullif(observation.denominator, 0), observation.first_release,
        observation.last_release
    from racing
    inner join store.observation as observation using (period_key, indicator_key, unit_key)
    where observation.last_release is null and observation.is_reporter and observation.is_counted

    union all

    select
        racing.*, observation.numerator::numeric / nullif(observation.denominator, 0), observation.first_release,
        observation.last_release
    from racing
    inner join store.observation as observation using (period_key, indicator_key, unit_key)
    where observation.last_release >= %(low)s and observation.is_reporter and observation.is_counted

),

-- A count without a denominator has no rate and no rank.
ranked as (

    select
        rated.period_key, rated.indicator_key, rated.unit_key, rated.unit_code, rated.unit_name, rated.rate,
        side.is_after,
        rank() over (
            partition by rated.period_key, rated.indicator_key, side.is_after
            order by rated.rate desc
        ) as place
    from rated
    inner join (values (%(low)s, not %(is_forward)s), (%(high)s, %(is_forward)s)) as side (release_id, is_after)
        on
            rated.first_release <= side.release_id
            and (rated.last_release is null or rated.last_release >= side.release_id)
    where rated.rate is not null

),

placed as (

    select
        coalesce(after.period_key, before.period_key) as period_key,
        coalesce(after.indicator_key, before.indicator_key) as indicator_key,
        coalesce(after.unit_key, before.unit_key) as unit_key,
        coalesce(after.unit_code, before.unit_code) as unit_code,
        coalesce(after.unit_name, before.unit_name) as unit_name,
        before.rate as before_rate,
        after.rate as after_rate,
        before.place as before_rank,
        after.place as after_rank
    from (select * from ranked where not is_after) as before
    full join (select * from ranked where is_after) as after
        on
            before.period_key = after.period_key
            and before.indicator_key = after.indicator_key
            and before.unit_key = after.unit_key

)

select
    period.period,
    indicator.indicator,
    unit_key.unit_id,
    placed.unit_code,
    placed.unit_name,
    placed.before_rate,
    placed.after_rate,
    placed.before_rank,
    placed.after_rank,
    crossed.passed,
    crossed.passed_by
from placed
inner join store.period_key as period using (period_key)
inner join store.indicator_key as indicator using (indicator_key)
inner join store.unit_key as unit_key using (unit_key)
cross join lateral (
    select
        coalesce(array_agg(other.unit_name order by other.after_rank) filter (
            where other.before_rank < placed.before_rank and other.after_rank > placed.after_rank
        ), '{}') as passed,
        coalesce(array_agg(other.unit_name order by other.after_rank) filter (
            where other.before_rank > placed.before_rank and other.after_rank < placed.after_rank
        ), '{}') as passed_by
    from placed as other
    where
        other.period_key = placed.period_key
        and other.indicator_key = placed.indicator_key
) as crossed
where placed.before_rank is distinct from placed.after_rank
order by
    period.period, indicator.indicator, cardinality(crossed.passed) + cardinality(crossed.passed_by) desc,
    placed.after_rank, unit_key.unit_id;
