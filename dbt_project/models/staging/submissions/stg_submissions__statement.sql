select
    statement.submission_seq,
    statement.row_number,
    statement.locator,
    statement.action,
    statement.unit_code,
    statement.indicator,
    statement.period,
    statement.scope,
    statement.mark,
    statement.numerator_value as numerator,
    statement.denominator_value as denominator,
    statement.rate_value as stated_rate,
    statement.rate_decimals,
    statement.stated_rate as stated_rate_text,
    form.sender,
    form.sender_unit_id,
    form.sender_level,
    form.received_at,
    form.form_latest_seq
from {{ source('raw', 'statement') }} as statement
inner join {{ ref('stg_submissions__form') }} as form
    on
        statement.submission_seq = form.submission_seq
        and statement.period = form.period
