-- R01: the stated rate is that of another ratio which the same unit states in the same period.
with

explained as (

    select distinct on (finding.finding_id)
        finding.finding_id,
        neighbour.indicator,
        format('Giả thuyết: %s là tỷ lệ của %s/%s (%s).', own.stated_rate_text, neighbour.numerator,
            neighbour.denominator, neighbour.indicator) as text_vi,
        format('Hypothesis: %s is the rate of %s/%s (%s).', own.stated_rate_text, neighbour.numerator,
            neighbour.denominator, neighbour.indicator) as text_en
    from quality.run_finding as finding
    inner join pg_temp.nearby as own
        on
            finding.unit_id = own.unit_id
            and finding.indicator = own.indicator
            and finding.period = own.period
            and finding.scope = own.scope
    inner join pg_temp.nearby as neighbour
        on
            own.unit_id = neighbour.unit_id
            and own.period = neighbour.period
            and own.indicator <> neighbour.indicator
            and neighbour.denominator > 0
            and round(neighbour.exact_percent, own.rate_decimals) = own.stated_percent
    where
        finding.run_id = current_setting('tonghop.run_id')
        and finding.rule = 'R01'
        and finding.severity = 'error'
    order by finding.finding_id, neighbour.indicator

)

update quality.run_finding as finding
set
    explanation = explained.text_vi || ' / ' || explained.text_en,
    explanations = jsonb_build_array(jsonb_build_object(
        'cause', 'rate_of_a_neighbour', 'indicator', explained.indicator,
        'text_vi', explained.text_vi, 'text_en', explained.text_en))
from explained
where
    finding.run_id = current_setting('tonghop.run_id')
    and finding.finding_id = explained.finding_id;
