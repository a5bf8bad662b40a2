-- Warnings that stand past their due day, neither mended nor waived: said once, and shown first from now on. Their figures
-- stay published.
with escalated as (
    update quality.finding
    set is_escalated = true
    where
        severity = 'warning'
        and state in ('open', 'returned')
        and not is_escalated
        and due_on < ops.today()
    returning finding_id, state, values_key, due_on
)

insert into quality.finding_event (finding_id, event, state_before, state_after, values_key, due_on, run_id)
select
    finding_id,
    'escalated',
    state,
    state,
    values_key,
    due_on,
    %(run_id)s
from escalated
order by finding_id
returning finding_id;
