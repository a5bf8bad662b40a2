{{ config(
    pre_hook="set local work_mem = '256MB'",
    post_hook='analyze {{ this }}'
) }}

-- Statements whose fact or wording other rows state too, with which of them speaks last. Found by one hash a row:
-- numbers alone are sorted, which is half of what grouping them takes.
with

repeated as (

    select distinct fact_hash
    from (
        select
            fact_hash,
            lag(fact_hash) over (order by fact_hash) as hash_before
        from {{ ref('int_statement_resolved') }}
    ) as sorted
    where fact_hash = hash_before

),

final as (

    select
        resolved.*,
        row_number() over (
            partition by
                coalesce(resolved.sender_unit_id, submission.sender), resolved.unit_code, resolved.indicator,
                resolved.period, resolved.scope
            order by resolved.submission_seq desc, resolved.row_number desc
        ) = 1 as is_latest_wording
    from {{ ref('int_statement_resolved') }} as resolved
    inner join repeated on resolved.fact_hash = repeated.fact_hash
    inner join {{ ref('stg_submissions__submission') }} as submission
        on resolved.submission_seq = submission.submission_seq

)

select * from final
