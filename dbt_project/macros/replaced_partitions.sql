{#- The partitions of the night, by the keys under which the store has what they replace; a province_key that is null stands
    for what is above the provinces. A province that was never published has no key, and nothing to replace. -#}
{% macro replaced_partitions() %}
    select
        partition.period,
        period.period_key,
        key.unit_key as province_key
    from {{ ref('stg_ops__partition') }} as partition
    inner join {{ ref('stg_ops__period') }} as period on partition.period = period.period
    left join {{ source('store', 'unit_key') }} as key on partition.province_unit_id = key.unit_id
    where
        partition.province_unit_id = '-'
        or key.unit_key is not null
{% endmacro %}
