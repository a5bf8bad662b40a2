{{ config(materialized='view') }}

-- What the rules S03-S05 and S09-S11 judge: the newest row of each wording (sender, unit text, indicator text, period,
-- scope), unless its whole form was sent again later: then only the newer form speaks.
select
    *,
    concat_ws('|', mark, numerator, coalesce(denominator::text, '-'), coalesce(stated_rate::text, '-')) as values_key
from {{ ref('int_statement_resolved') }}
where
    is_latest_wording
    and submission_seq = form_latest_seq
    and action = 'state'
