{{ config(
    indexes=[{'columns': ['period', 'sender', 'unit_text'], 'unique': true}],
    post_hook='analyze {{ this }}'
) }}

-- Units that senders wrote by name, as this night looked them up (tonghop.night.naming). A table with statistics of its
-- own: a million statements are joined to it, nearly always to find nothing.
select
    looked_up.period,
    looked_up.sender,
    looked_up.unit_text,
    coalesce(unit.unit_id, elsewhere.unit_id) as unit_id,
    coalesce(unit.province_unit_id, elsewhere.province_unit_id) as province_unit_id,
    looked_up.candidates,
    looked_up.suggestions
from {{ source('quality', 'run_unit_name') }} as looked_up
left join {{ ref('int_unit_hierarchized') }} as unit
    on
        looked_up.period = unit.period
        and looked_up.unit_id = unit.unit_id
left join {{ ref('int_unit_addressed') }} as elsewhere
    on
        looked_up.period = elsewhere.period
        and looked_up.unit_id = elsewhere.unit_id
where looked_up.run_id = {{ running_run_id() }}
