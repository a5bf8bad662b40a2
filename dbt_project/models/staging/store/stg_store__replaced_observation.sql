-- Of the partitions that the night rebuilds: the published figures that counted, which its candidate replaces.
with

rebuilt as (
    {{ replaced_partitions() }}
),

-- Found by their sources, of which a province has few, and without a nested loop: who reads this may have turned them off. A
-- key is never 0: it stands for what is above the provinces.
replaced as (

    select
        rebuilt.period,
        observation.unit_key,
        observation.province_key,
        observation.indicator_key,
        observation.scope,
        observation.numerator,
        observation.denominator,
        observation.submission_seq,
        observation.row_number
    from rebuilt
    inner join {{ source('store', 'observation') }} as observation
        on
            rebuilt.period_key = observation.period_key
            and coalesce(rebuilt.province_key, 0) = coalesce(observation.province_key, 0)
    where
        observation.period_key = any(array(select period_key from rebuilt))
        and observation.source_key = any(array(
            select source.source_key
            from {{ source('store', 'source') }} as source
            inner join rebuilt on coalesce(source.province_key, 0) = coalesce(rebuilt.province_key, 0)
        ))
        and observation.last_release is null
        and observation.is_counted

)

-- Names are looked up row by row: who compares first and names what is left pays for that alone.
select
    replaced.period,
    (select unit_id from {{ source('store', 'unit_key') }} as key where key.unit_key = replaced.unit_key) as unit_id,
    (
        select unit_id from {{ source('store', 'unit_key') }} as key where key.unit_key = replaced.province_key
    ) as province_unit_id,
    (
        select indicator from {{ source('store', 'indicator_key') }} as key
        where key.indicator_key = replaced.indicator_key
    ) as indicator,
    replaced.scope::text as fact_scope,
    replaced.numerator,
    replaced.denominator,
    replaced.submission_seq,
    replaced.row_number
from replaced
