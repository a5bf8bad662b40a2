-- Every turn in the life of some findings, oldest first: when, what, by whom and why.
select
    event.finding_id,
    event.happened_at,
    event.event,
    event.state_before,
    event.state_after,
    event.due_on,
    event.run_id,
    event.author,
    event.note
from quality.finding_event as event
where event.finding_id = any(%(finding_ids)s)
order by event.finding_id, event.event_id;
