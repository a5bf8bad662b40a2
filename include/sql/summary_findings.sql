-- One row per rule and severity with findings that are not corrected.
select
    rule,
    severity,
    count(*) as findings,
    count(distinct group_id) as causes,
    count(*) filter (where state = 'waived') as waived
from quality.finding
where state <> 'corrected'
group by rule, severity
order by case severity when 'error' then 0 when 'warning' then 1 else 2 end, rule;
