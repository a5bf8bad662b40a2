{{ config(materialized='view') }}

-- Each statement with who sent it, and what S03 adds where a unit was written by a name that means none, or several.
select
    resolved.*,
    submission.submission_id,
    submission.sender,
    submission.received_at,
    coalesce(resolved.sender_unit_id, submission.sender) as sender_name,
    case when sender.level = 'province' then sender.unit_id end as sender_province_unit_id,
    case
        when named.candidates is not null
            then ' Tên này là của: ' || named.candidates || '. Hãy ghi mã, hoặc ghi tên kèm cấp trên.'
        when named.suggestions is not null then ' Có phải: ' || named.suggestions || '?'
        else ''
    end as unit_hint_vi,
    case
        when named.candidates is not null
            then ' The name belongs to: ' || named.candidates || '. Write the code, or the name with its parent.'
        when named.suggestions is not null then ' Did you mean: ' || named.suggestions || '?'
        else ''
    end as unit_hint_en
from {{ ref('int_statement_resolved') }} as resolved
left join {{ ref('stg_submissions__submission') }} as submission
    on resolved.submission_seq = submission.submission_seq
left join {{ ref('int_sender_resolved') }} as sender
    on
        resolved.period = sender.period
        and submission.sender = sender.sender
left join {{ ref('int_unit_named') }} as named
    on
        resolved.is_looked_up
        and resolved.period = named.period
        and submission.sender = named.sender
        and resolved.unit_code = named.unit_text
