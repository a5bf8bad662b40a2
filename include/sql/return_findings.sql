-- Everything open of one sender, sent back: state, due day and the history in one statement. A sender is meant by unit id, or
-- by the code it has in the period. What holds a release is nobody's to mend.
with sent_back as (
    update quality.finding as finding
    set
        state = 'returned',
        due_on = settled.due_on,
        is_escalated = finding.is_escalated and settled.due_on < ops.today()
    from (
        select
            due.finding_id,
            coalesce(
                %(due_on)s::date,
                case when due.due_on >= ops.today() then due.due_on end,
                ops.today() + case due.severity
                    when 'error' then %(error_days)s::integer
                    when 'warning' then %(warning_days)s::integer
                end
            ) as due_on
        from quality.finding as due
        where
            due.state = 'open'
            and due.rule not like 'P%%'
    ) as settled
    where
        finding.finding_id = settled.finding_id
        and finding.state = 'open'
        and (%(period)s::text is null or finding.period = %(period)s)
        and (%(rule)s::text is null or finding.rule = %(rule)s)
        and (
            %(sender)s = coalesce(finding.sender_unit_id, finding.province_unit_id)
            or exists (
                select 1
                from reference.org_unit as unit
                where
                    unit.unit_id = coalesce(finding.sender_unit_id, finding.province_unit_id)
                    and unit.code = %(sender)s
                    and (
                        finding.period is null
                        or unit.valid @> (to_date(finding.period || '-01', 'YYYY-MM-DD') + interval '1 month - 1 day')::date
                    )
            )
        )
    returning
        finding.finding_id, finding.rule, finding.severity, finding.values_key, finding.due_on,
        coalesce(finding.sender_unit_id, finding.province_unit_id) as sender_unit_id
),

told as (
    insert into quality.finding_event (finding_id, event, state_before, state_after, values_key, due_on, author, note)
    select
        finding_id,
        'returned',
        'open',
        'returned',
        values_key,
        due_on,
        %(author)s,
        %(note)s
    from sent_back
    order by finding_id
)

select
    finding_id,
    rule,
    severity,
    due_on,
    sender_unit_id
from sent_back
order by sender_unit_id, finding_id;
