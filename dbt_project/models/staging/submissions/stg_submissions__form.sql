{{ config(materialized='table') }}

select
    submission_period.submission_seq,
    submission_period.period,
    submission_period.rows_kept,
    max(submission_period.submission_seq) over (
        partition by submission.sender, submission.form, submission_period.period
    ) as form_latest_seq
from {{ source('raw', 'submission_period') }} as submission_period
inner join {{ ref('stg_submissions__submission') }} as submission
    on submission_period.submission_seq = submission.submission_seq
