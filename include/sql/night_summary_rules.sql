-- One row per rule and severity: what the night's gates found, whether a gate broke, and what is open now.
with judged as (
    select
        gate.rule,
        gate.severity,
        sum(gate.recorded)::bigint as found,
        max(gate.problem) filter (where gate.verdict = 'failed') as problem
    from ops.gate_run as gate
    where gate.run_id = %(run_id)s
    group by gate.rule, gate.severity
),

-- A rule that once found something is named even when nothing of it is open: its measure goes back to zero.
known as (
    select
        finding.rule,
        finding.severity,
        count(*) filter (where finding.state in ('open', 'returned')) as open
    from quality.finding as finding
    group by finding.rule, finding.severity
)

select
    rule,
    severity,
    coalesce(judged.found, 0) as found,  -- not judged tonight, or not by a gate: nothing found
    coalesce(known.open, 0) as open,     -- never found: nothing open
    judged.problem
from judged
full join known using (rule, severity)
order by array_position(array['error', 'warning', 'info'], severity), coalesce(judged.found, 0) desc, rule;
