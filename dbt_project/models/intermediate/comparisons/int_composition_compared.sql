{{ config(materialized='view') }}

-- One row per returned count whose composition is known: the count beside the sum of its parts. Whether the return counts
-- does not matter: what is stated twice must agree. Of several returns the unit's own speaks, and one with a single value.
with

returned as (

    select distinct on (period, unit_id, population)
        period,
        unit_id,
        population,
        indicator,
        amount,
        submission_seq,
        row_number
    from {{ ref('int_population_stated') }}
    where
        source = 'return'
        and not has_two_values
    order by period, unit_id, population, indicator nulls first

),

final as (

    select
        returned.period,
        returned.unit_id,
        unit.province_unit_id,
        spoken.sender_unit_id,
        returned.indicator,
        returned.population,
        defined.name_vi as population_vi,
        defined.name_en as population_en,
        submission.submission_id,
        spoken.locator,
        returned.amount,
        composed.amount as composed_amount,
        concat_ws('|', returned.amount, composed.amount) as values_key
    from returned
    inner join {{ ref('int_population_composed') }} as composed
        on
            returned.period = composed.period
            and returned.unit_id = composed.unit_id
            and returned.population = composed.population
    inner join {{ ref('int_population_defined') }} as defined
        on
            returned.period = defined.period
            and returned.population = defined.population
    left join {{ ref('int_unit_hierarchized') }} as unit
        on
            returned.period = unit.period
            and returned.unit_id = unit.unit_id
    left join {{ ref('int_statement_resolved') }} as spoken
        on
            returned.submission_seq = spoken.submission_seq
            and returned.row_number = spoken.row_number
    left join {{ ref('stg_submissions__submission') }} as submission
        on returned.submission_seq = submission.submission_seq

)

select * from final
