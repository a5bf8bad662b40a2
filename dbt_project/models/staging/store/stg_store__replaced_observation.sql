-- Of the partitions that the night rebuilds: the published figures that counted, which its candidate replaces.
with

partitions as (
    {{ replaced_partitions() }}
),

-- Where nothing of a period is published, as of the newest as a rule, there is nothing to look for.
rebuilt as (

    select partitions.*
    from partitions
    where
        partitions.period_key = any(array(
            select period.period_key
            from {{ source('store', 'period_key') }} as period
            where (
                -- Not "exists": of a period that it believes frequent the planner would read the table for its first row.
                select min(published.indicator_key) from {{ source('store', 'observed') }} as published
                where
                    published.period_key = period.period_key
                    and published.last_release is null
            ) is not null
        ))

),

-- Found by their sources, of which a province has few (each asked for once: the index is gone through for each), and without a
-- nested loop: who reads this may have turned them off. A key is never 0: it stands for what is above the provinces.
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
            select distinct source.source_key
            from {{ source('store', 'source') }} as source
            inner join rebuilt on coalesce(source.province_key, 0) = coalesce(rebuilt.province_key, 0)
        ))
        and observation.last_release is null
        and observation.is_counted

)

-- By the keys of the store: who compares first and names what is left pays for that alone.
select
    period,
    unit_key,
    province_key,
    indicator_key,
    scope::text as fact_scope,
    numerator,
    denominator,
    submission_seq,
    row_number
from replaced
