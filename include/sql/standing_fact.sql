-- Which scopes of a fact stand, and the unit code they were stated with: the latest word of the sender (by any name it or the unit has in the period), where it is a statement.
with sender as (
    select array_agg(code) || array_agg(unit_id) || %(sender)s::text as names
      from reference.org_unit where %(sender)s in (code, unit_id) and valid @> %(day)s::date
),
unit as (
    select array_agg(code) || array_agg(unit_id) || %(unit_code)s::text as names
      from reference.org_unit where %(unit_code)s in (code, unit_id) and valid @> %(day)s::date
),
latest as (
    select distinct on (statement.scope) statement.scope, statement.action, statement.unit_code
      from raw.statement
      join raw.submission using (submission_seq)
     where submission.status = 'loaded'
       and submission.sender = any (select unnest(names) from sender)
       and statement.unit_code = any (select unnest(names) from unit)
       and statement.indicator = %(indicator)s
       and statement.period = %(period)s
     order by statement.scope, statement.submission_seq desc, statement.row_number desc
)
select scope, unit_code from latest where action = 'state' order by scope
