-- One row per severity: findings that are new or came back with the night, that it no longer found, that are open now.
with

turned as (
    select
        finding.severity,
        count(distinct event.finding_id) filter (where event.event in ('seen', 'reopened')) as new,
        count(distinct event.finding_id) filter (where event.event = 'corrected') as corrected
    from quality.finding_event as event
    inner join quality.finding as finding using (finding_id)
    where event.run_id = %(run_id)s
    group by finding.severity
),

known as (
    select
        severity,
        count(*) as open
    from quality.finding
    where state in ('open', 'returned')
    group by severity
)

select
    severity.name as severity,
    coalesce(turned.new, 0) as new,              -- no finding of this severity turned
    coalesce(known.open, 0) as open,             -- none is open
    coalesce(turned.corrected, 0) as corrected
from (values (1, 'error'), (2, 'warning'), (3, 'info')) as severity (place, name)
left join turned on severity.name = turned.severity
left join known on severity.name = known.severity
order by severity.place;
