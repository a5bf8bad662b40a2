-- What stands at the head of the nation's page.
select
    (select count(*) from marts.fct_submission where is_expected) as expected,
    (select count(*) from marts.fct_submission where is_expected and is_received) as received,
    (select count(*) from quality.finding where severity = 'error' and state in ('open', 'returned')) as errors,
    (select count(*) from quality.finding where severity = 'warning' and state in ('open', 'returned')) as warnings,
    (select count(*) from quality.finding where is_escalated) as escalated,
    (select count(*) from quality.finding where state = 'waived') as waived,
    -- As the nights counted them: to count every figure of every period took longer than all the pages.
    (select coalesce(sum(withheld), 0)::bigint from marts.fct_submission) as withheld,
    (select coalesce(sum(observations), 0)::bigint from marts.fct_submission) as observations;
