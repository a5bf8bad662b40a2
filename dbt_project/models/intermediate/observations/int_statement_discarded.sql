{{ config(post_hook='analyze {{ this }}') }}

-- The statements that do not stand: outdone by another of their fact, taken back, or kept aside tonight.
select repeated.statement_key
from {{ ref('int_statement_repeated') }} as repeated
left join {{ ref('int_fact_settled') }} as settled on repeated.statement_key = settled.statement_key
where settled.statement_key is null

union

select resolved.statement_key
from {{ source('quality', 'run_kept_aside') }} as aside
inner join {{ ref('int_statement_resolved') }} as resolved
    on
        aside.submission_seq = resolved.submission_seq
        and aside.row_number = resolved.row_number
where aside.run_id = {{ running_run_id() }}
