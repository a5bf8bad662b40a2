{{ config(
    materialized='table',
    indexes=[{'columns': ['submission_seq'], 'unique': true}],
    post_hook='analyze {{ this }}'
) }}

with

frozen as (

    select submission_seq
    from {{ source('ops', 'run_submission') }}
    where run_id = {{ running_run_id() }}

),

final as (

    select
        submission.submission_seq,
        submission.submission_id,
        submission.sender,
        submission.kind,
        submission.file_name,
        submission.form,
        submission.received_at,
        submission.status
    from {{ source('raw', 'submission') }} as submission
    inner join frozen on submission.submission_seq = frozen.submission_seq

)

select * from final
