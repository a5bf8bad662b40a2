{{ config(materialized='table', post_hook='analyze {{ this }}') }}

-- One row per unit and day on which the register changed what is below the unit: a unit there was opened or closed, or came
-- or went. A unit that moves changes nothing for those who stand above both its places.
with recursive

known as (

    select period from {{ ref('stg_ops__period') }}
    union
    select period_before from {{ ref('stg_store__earlier_period') }}

),

-- What happened before the first period's end, nobody will ask.
asked as (

    select
        (to_date(min(period), 'YYYY-MM') + interval '1 month')::date as first_day,
        (to_date(max(period), 'YYYY-MM') + interval '1 month')::date as end_day
    from known
    having count(*) > 1

),

-- Where a version begins or ends, and the last day on which the tree is as that version has it.
bounded as (

    select
        version.unit_id,
        version.parent_unit_id,
        lower(version.valid) as changed_on,
        lower(version.valid) as seen_on
    from {{ ref('stg_reference__org_unit') }} as version
    inner join asked
        on
            lower(version.valid) >= asked.first_day
            and lower(version.valid) < asked.end_day

    union all

    select
        version.unit_id,
        version.parent_unit_id,
        upper(version.valid) as changed_on,
        upper(version.valid) - 1 as seen_on
    from {{ ref('stg_reference__org_unit') }} as version
    inner join asked
        on
            upper(version.valid) >= asked.first_day
            and upper(version.valid) < asked.end_day

),

climbed as (

    select
        unit_id,
        changed_on,
        seen_on,
        parent_unit_id as above_unit_id
    from bounded

    union all

    select
        climbed.unit_id,
        climbed.changed_on,
        climbed.seen_on,
        above.parent_unit_id
    from climbed
    inner join {{ ref('stg_reference__org_unit') }} as above
        on
            climbed.above_unit_id = above.unit_id
            and above.valid @> climbed.seen_on

),

-- Before and after, or one of them.
placed as (

    select
        unit_id,
        changed_on,
        above_unit_id
    from climbed
    where above_unit_id is not null
    group by unit_id, changed_on, above_unit_id
    having count(distinct seen_on) = 1

),

final as (

    select distinct
        above_unit_id as unit_id,
        changed_on
    from placed

)

select * from final
