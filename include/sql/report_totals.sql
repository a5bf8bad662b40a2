-- What stands at the head of the nation's page.
select
    (select count(*) from marts.fct_submission where is_expected) as expected,
    (select count(*) from marts.fct_submission where is_expected and is_received) as received,
    (select count(*) from quality.finding where severity = 'error' and state in ('open', 'returned')) as errors,
    (select count(*) from quality.finding where severity = 'warning' and state in ('open', 'returned')) as warnings,
    (select count(*) from quality.finding where is_escalated) as escalated,
    (select count(*) from quality.finding where state = 'waived') as waived,
    (select count(*) from marts.fct_observation where is_withheld) as withheld,
    (select count(*) from marts.fct_observation) as observations;
