{{ config(materialized='table', post_hook='analyze {{ this }}') }}

select
    spoken.submission_seq,
    spoken.period,
    submission.sender,
    submission.received_at,
    spoken.rows_kept,
    spoken.sender_unit_id,
    spoken.sender_level,
    max(spoken.submission_seq) over (
        partition by submission.sender, submission.form, spoken.period
    ) as form_latest_seq
from {{ source('raw', 'submission_speaker') }} as spoken
inner join {{ ref('stg_submissions__submission') }} as submission on spoken.submission_seq = submission.submission_seq
inner join {{ ref('stg_ops__partition') }} as rebuilt
    on
        spoken.period = rebuilt.period
        and spoken.province_unit_id = rebuilt.province_unit_id
