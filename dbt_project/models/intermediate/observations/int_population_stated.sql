{{ config(post_hook='analyze {{ this }}') }}

-- The ledger of denominators: what the register counts, what was returned, the sum of the parts and what a strict majority
-- quotes, in this order; the first that may count counts, and every other says why it does not.
with

claimed as not materialized (

    select * from {{ ref('int_population_claimed') }}

),

composed as not materialized (

    select * from {{ ref('int_population_composed') }}

),

claims as (

    select
        claimed.period,
        claimed.unit_id,
        claimed.population,
        claimed.source,
        claimed.indicator,
        claimed.amount,
        claimed.has_two_values,
        case
            when claimed.barred_by is not null then claimed.barred_by
            when not claimed.is_first then 'outranked'
            when claimed.source = 'agreed' and composed.amount is not null then 'outranked'
            else 'counts'
        end as reason,
        claimed.submission_seq,
        claimed.row_number
    from claimed
    left join composed
        on
            claimed.period = composed.period
            and claimed.unit_id = composed.unit_id
            and claimed.population = composed.population

),

compositions as (

    select
        composed.period,
        composed.unit_id,
        composed.population,
        'composition' as source,
        null as indicator,
        composed.amount,
        false as has_two_values,
        case when claimed.amount is null then 'counts' else 'outranked' end as reason,
        null::bigint as submission_seq,
        null::int as row_number
    from composed
    left join claimed
        on
            composed.period = claimed.period
            and composed.unit_id = claimed.unit_id
            and composed.population = claimed.population
            and claimed.is_first
            and claimed.source in ('register', 'return')

),

stated as (

    select * from claims
    union all
    select * from compositions

),

final as (

    select
        period,
        unit_id,
        population,
        source,
        indicator,
        amount,
        has_two_values,
        reason = 'counts' as is_counted,
        reason,
        submission_seq,
        row_number
    from stated

)

select * from final
