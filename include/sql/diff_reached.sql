-- The causes of each moved figure: what was said of its unit otherwise, and of every unit under it. pg_temp.cause.
create temporary table cause on commit drop as
with recursive

-- From a unit up to whatever stands above it, in either release.
parent as (

    select distinct
        org_unit.unit_key,
        above.unit_key as parent_key,
        org_unit.valid_from,
        org_unit.valid_to
    from store.org_unit as org_unit
    inner join store.unit_key as above on org_unit.parent_unit_id = above.unit_id
    where
        org_unit.first_release <= %(high)s
        and (org_unit.last_release is null or org_unit.last_release >= %(low)s)

),

-- What is said of many units is said once of the one above them: from there on few rows climb.
above as (

    select distinct said_why.period_key, said_why.indicator_key, parent.parent_key as unit_key, said_why.cause_key
    from pg_temp.said_why as said_why
    inner join store.period_key as period using (period_key)
    inner join parent
        on
            said_why.unit_key = parent.unit_key
            and (parent.valid_from is null or parent.valid_from <= period.last_day)
            and (parent.valid_to is null or parent.valid_to > period.last_day)

),

climbed as (

    select period_key, indicator_key, unit_key, cause_key
    from above

    union

    select climbed.period_key, climbed.indicator_key, parent.parent_key, climbed.cause_key
    from climbed
    inner join store.period_key as period using (period_key)
    inner join parent
        on
            climbed.unit_key = parent.unit_key
            and (parent.valid_from is null or parent.valid_from <= period.last_day)
            and (parent.valid_to is null or parent.valid_to > period.last_day)

),

-- A department stands above its provinces by assignment. What a unit says itself is there already.
higher as (

    select each.*
    from (
        select period_key, indicator_key, unit_key, cause_key
        from climbed
        union
        select explained.period_key, explained.indicator_key, explained.department_key, cause_name.cause_key
        from (
            select distinct period_key, indicator_key, department_key, kind, reference
            from pg_temp.explained
            where department_key is not null
        ) as explained
        inner join pg_temp.cause_name as cause_name using (kind, reference)
    ) as each
    where not exists (
        select 1
        from pg_temp.said_why as said_why
        where
            said_why.period_key = each.period_key
            and said_why.indicator_key = each.indicator_key
            and said_why.unit_key = each.unit_key
            and said_why.cause_key = each.cause_key
    )

),

reached as (

    select period_key, indicator_key, unit_key, cause_key
    from pg_temp.said_why

    union all

    select period_key, indicator_key, unit_key, cause_key
    from higher

),

-- The nation, and groupings of other trees, stand above everything that is said of the indicator.
anywhere as (

    select distinct period_key, indicator_key, cause_key
    from pg_temp.said_why

)

select moved.period_key, moved.unit_key, moved.indicator_key, reached.cause_key
from pg_temp.moved as moved
inner join reached using (period_key, unit_key, indicator_key)
where moved.level in ('department', 'province', 'district', 'grassroots')

union all

select moved.period_key, moved.unit_key, moved.indicator_key, anywhere.cause_key
from pg_temp.moved as moved
inner join anywhere using (period_key, indicator_key)
where moved.level not in ('department', 'province', 'district', 'grassroots');

analyze pg_temp.cause;

-- Nothing was said or judged otherwise under it.
insert into pg_temp.cause (period_key, unit_key, indicator_key, cause_key)
select moved.period_key, moved.unit_key, moved.indicator_key, cause_name.cause_key
from pg_temp.moved as moved
inner join pg_temp.cause_name as cause_name
    on
        cause_name.kind = case
            when %(is_restored)s then 'restore'
            when %(is_register_changed)s then 'register'
            else 'code'
        end
        and cause_name.reference = case when %(is_restored)s then %(high)s::text else '' end
where not exists (
    select 1
    from pg_temp.cause as found
    where
        found.period_key = moved.period_key
        and found.unit_key = moved.unit_key
        and found.indicator_key = moved.indicator_key
);
