-- One row per figure that a standing report in prose claims and whose words fit an indicator, with the page it belongs to:
-- those that disagree with the tables first.
select
    claim.sender_unit_id as page_unit_id,
    claim.period,
    submission.file_name,
    claim.char_start,
    claim.char_end,
    claim.quote,
    claim.indicator,
    coalesce(catalogue.name_vi, counted.name_vi) as name_vi,
    claim.numerator,
    claim.denominator,
    claim.stated_rate,
    claim.table_numerator,
    claim.table_denominator,
    claim.table_basis,
    claim.verdict
from quality.report_claim as claim
inner join raw.submission as submission on claim.submission_id = submission.submission_id
left join marts.dim_indicator as catalogue on claim.indicator = catalogue.indicator
left join lateral (
    select version.name_vi
    from marts.dim_population as version
    where version.population = claim.indicator
    order by version.valid_from desc nulls last
    limit 1
) as counted on true
where
    claim.verdict is not null
    and submission.status = 'loaded'
order by
    claim.sender_unit_id,
    claim.period desc,
    case claim.verdict when 'disagrees' then 0 when 'only_in_prose' then 1 else 2 end,
    submission.file_name,
    claim.char_start;
