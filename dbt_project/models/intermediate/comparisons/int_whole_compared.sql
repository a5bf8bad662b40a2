{{ config(materialized='view') }}

-- One row per whole whose parts, by the catalogue, are all of it, where each part is stated: the sum of the parts.
with

parts as (

    select
        part_of as whole,
        count(*) as parts
    from {{ ref('stg_reference__indicator') }}
    where part_of is not null
    group by part_of

),

summed as (

    select
        part.period,
        part.unit_id,
        part.scope,
        part.part_of as whole,
        count(*) as parts,
        sum(part.numerator) as numerator,
        string_agg(part.numerator::text, ' + ' order by part.indicator) as numerators,
        string_agg(part.indicator || '=' || part.numerator, '|' order by part.indicator) as values_key
    from {{ ref('int_observation_related') }} as part
    where part.part_of is not null
    group by part.period, part.unit_id, part.scope, part.part_of

),

final as (

    select
        whole.period,
        whole.unit_id,
        whole.province_unit_id,
        whole.sender_unit_id,
        whole.indicator,
        whole.indicator as whole_indicator,
        whole.scope,
        whole.population,
        whole.submission_id,
        whole.locator,
        whole.numerator,
        summed.numerator as parts_numerator,
        summed.numerators as parts_text,
        concat_ws('|', whole.numerator, summed.values_key) as values_key
    from {{ ref('int_observation_related') }} as whole
    inner join parts on whole.indicator = parts.whole
    inner join summed
        on
            whole.period = summed.period
            and whole.unit_id = summed.unit_id
            and whole.scope = summed.scope
            and whole.indicator = summed.whole
            and parts.parts = summed.parts
    where whole.parts_are_all

)

select * from final
