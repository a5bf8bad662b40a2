-- What reports in prose claim about the night's periods, beside the tables: it takes the place of what an earlier night kept.
delete from quality.report_claim as kept
using ops.run_partition as scope
where
    scope.run_id = current_setting('tonghop.run_id')
    and scope.period = kept.period
    and scope.province_unit_id = reference.partition_of(kept.sender_unit_id);

insert into quality.report_claim (
    submission_id, claim_number, period, sender_unit_id, quote, char_start, char_end, kind, population, indicator, link_score,
    numerator, denominator, stated_rate, table_numerator, table_denominator, table_basis, verdict)
select
    submission_id,
    claim_number,
    period,
    sender_unit_id,
    quote,
    char_start,
    char_end,
    kind,
    population_text,
    indicator,
    link_score,
    numerator,
    denominator,
    stated_rate,
    table_numerator,
    table_denominator,
    table_basis,
    verdict
from intermediate.int_claim_compared;
