-- Who has a page: departments and provinces that are expected, sent something, or have findings. Newest name and code.
with

spoken as (

    select sender_unit_id as unit_id from marts.fct_submission
    union
    select coalesce(province_unit_id, sender_unit_id)
    from quality.finding
    where state <> 'corrected'
    union
    select unit_id
    from marts.fct_rollup
    where level in ('department', 'province')

)

select distinct on (spoken.unit_id)
    spoken.unit_id,
    version.unit_code,
    version.unit_name,
    version.level,
    case when parent.level = 'department' then version.parent_unit_id end as department_unit_id,
    version.valid_to,
    version.valid_to - 1 as last_day
from spoken
inner join marts.dim_org_unit as version on spoken.unit_id = version.unit_id
left join marts.dim_org_unit as parent on version.parent_unit_id = parent.unit_id
where version.level in ('department', 'province')
order by spoken.unit_id, version.valid_from desc nulls last;
