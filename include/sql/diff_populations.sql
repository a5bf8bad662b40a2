-- Denominators: the count that counts of a population, where it differs between two releases. Largest difference first.
with

one_sided as (

    select
        period_key, unit_key, population, amount, source::text as source,
        (first_release > %(low)s) = %(is_forward)s as is_after
    from store.population_statement
    where
        is_counted
        and (
            (first_release <= %(low)s and last_release >= %(low)s and last_release < %(high)s)
            or (
                first_release > %(low)s and first_release <= %(high)s
                and (last_release is null or last_release >= %(high)s)
            )
        )

),

paired as (

    select
        coalesce(after.period_key, before.period_key) as period_key,
        coalesce(after.unit_key, before.unit_key) as unit_key,
        coalesce(after.population, before.population) as population,
        before.amount as before_amount,
        before.source as before_source,
        after.amount as after_amount,
        after.source as after_source
    from (select * from one_sided where not is_after) as before
    full join (select * from one_sided where is_after) as after
        on
            before.period_key = after.period_key
            and before.unit_key = after.unit_key
            and before.population = after.population
    where before.amount is distinct from after.amount

),

named as (

    select distinct on (unit_key, valid_from, valid_to)
        unit_key, valid_from, valid_to, unit_code, unit_name, level
    from store.org_unit
    where
        first_release <= %(high)s
        and (last_release is null or last_release >= %(low)s)
    order by unit_key, valid_from, valid_to, first_release desc

)

select
    period.period,
    unit_key.unit_id,
    named.unit_code,
    named.unit_name,
    coalesce(named.level, '-') as level,
    paired.population,
    paired.before_amount,
    paired.before_source,
    paired.after_amount,
    paired.after_source,
    count(*) over () as total
from paired
inner join store.period_key as period using (period_key)
inner join store.unit_key as unit_key using (unit_key)
left join named
    on
        paired.unit_key = named.unit_key
        and (named.valid_from is null or named.valid_from <= period.last_day)
        and (named.valid_to is null or named.valid_to > period.last_day)
where
    (%(level)s::text is null or named.level = %(level)s)
    and (
        %(indicator)s::text is null
        or paired.population in (
            select indicator.population from store.indicator as indicator where indicator.indicator = %(indicator)s
        )
    )
order by
    array_position(array['nation', 'department', 'grouping', 'province', 'district', 'grassroots'], named.level),
    abs(coalesce(paired.after_amount, 0) - coalesce(paired.before_amount, 0)) desc, period.period, unit_key.unit_id,
    paired.population
limit %(shown)s;
