select
    claim.submission_seq,
    claim.claim_number,
    claim.char_start,
    claim.char_end,
    claim.quote,
    claim.kind,
    claim.bound,
    claim.rate_bound,
    claim.numerator,
    claim.denominator,
    claim.stated_rate,
    claim.rate_value,
    claim.rate_decimals,
    claim.population as population_text,
    claim.indicator,
    claim.link_score,
    submission.submission_id,
    submission.sender,
    submission.file_name,
    report.period,
    form.form_latest_seq
from {{ source('raw', 'claim') }} as claim
inner join {{ ref('stg_submissions__submission') }} as submission
    on claim.submission_seq = submission.submission_seq
inner join {{ source('raw', 'report_text') }} as report
    on claim.submission_seq = report.submission_seq
inner join {{ ref('stg_ops__period') }} as period
    on report.period = period.period
inner join {{ ref('stg_submissions__form') }} as form
    on
        claim.submission_seq = form.submission_seq
        and report.period = form.period
