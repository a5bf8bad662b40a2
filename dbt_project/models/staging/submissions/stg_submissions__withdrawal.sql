select
    submission_seq,
    withdrawn_at,
    withdrawn_why
from {{ source('raw', 'submission') }}
where status = 'withdrawn'
