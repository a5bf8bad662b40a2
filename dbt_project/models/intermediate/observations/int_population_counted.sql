{{ config(
    indexes=[{'columns': ['unit_id', 'population', 'period'], 'unique': true}],
    post_hook='analyze {{ this }}'
) }}

-- For each unit and population the one count that counts, and where it came from.
with

final as (

    select
        period,
        unit_id,
        population,
        amount,
        source
    from {{ ref('int_population_stated') }}
    where is_counted

)

select * from final
