-- Dated versions of every unit, and of the groupings of other trees; intervals are half-open.
with

final as (

    select
        unit_id,
        lower(valid) as valid_from,
        upper(valid) as valid_to,
        code as unit_code,
        name as unit_name,
        ascii_name,
        type as unit_type,
        level,
        parent_unit_id
    from {{ ref('stg_reference__org_unit') }}

    union all

    select
        unit_id,
        lower(valid) as valid_from,
        upper(valid) as valid_to,
        code as unit_code,
        name as unit_name,
        ascii_name,
        type as unit_type,
        'grouping' as level,
        parent_unit_id
    from {{ ref('stg_reference__grouping') }}

)

select * from final
