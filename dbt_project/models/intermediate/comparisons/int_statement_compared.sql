{{ config(materialized='view') }}

-- What the rules S03-S05 and S09-S11 judge: the newest row of each wording (sender, unit text, indicator text, period,
-- scope), unless its whole form was sent again later: then only the newer form speaks.
select
    worded.*,
    concat_ws('|', worded.mark, worded.numerator, coalesce(worded.denominator::text, '-'),
        coalesce(worded.stated_rate::text, '-')) as values_key
from {{ ref('int_statement_worded') }} as worded
where
    worded.action = 'state'
    and worded.submission_seq = worded.form_latest_seq
    and not exists (
        select 1
        from {{ ref('int_statement_repeated') }} as outworded
        where
            not outworded.is_latest_wording
            and outworded.submission_seq = worded.submission_seq
            and outworded.row_number = worded.row_number
    )
