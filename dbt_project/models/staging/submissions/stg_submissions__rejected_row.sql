select
    rejected.submission_seq,
    rejected.row_number,
    rejected.locator,
    rejected.rule,
    rejected.reason,
    rejected.raw::text as raw_text,
    rejected.raw ->> 'unit_code' as unit_code,
    rejected.raw ->> 'indicator' as indicator,
    case when rejected.raw ->> 'period' ~ '^\d{4}-(0[1-9]|1[0-2])$' then rejected.raw ->> 'period' end as period,
    rejected.raw ->> 'scope' as scope,
    submission.submission_id,
    submission.sender,
    submission.file_name,
    submission.form,
    submission.received_at
from {{ source('quality', 'rejected_row') }} as rejected
inner join {{ ref('stg_submissions__submission') }} as submission
    on rejected.submission_seq = submission.submission_seq
where rejected.judged = 'reading'
