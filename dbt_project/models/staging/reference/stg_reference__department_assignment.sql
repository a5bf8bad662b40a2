{{ config(materialized='table') }}

select
    province_unit_id,
    department_unit_id,
    certainty
from {{ source('reference', 'department_assignment') }}
