-- The rows behind one figure, unordered: units, declarations, what was passed over, prose, the ledger. `reason` and `said`
-- are put into words by marts.trace.
create or replace function store.trace_figure(
    root text, said_for text, asked_period integer, said_of text, asked_indicator smallint, tree text
)
returns table (
    place text[], role text, unit_id text, scope text, numerator bigint, denominator bigint, basis text,
    reporting_units bigint, expected_units bigint, withheld_units bigint, reason text, said text[], also text,
    submission_seq bigint, row_number integer, locator text, rule text, finding_id text, why_vi text, why_en text
)
-- What a figure is made of may be a commune or all of them, and the planner cannot tell: a loop over what was heard took two
-- minutes for a nation. Hashed, and what is large is asked for by its key.
language sql stable rows 10000 set search_path = '' set enable_nestloop = off as $$
with

catalogue as materialized (

    select indicator.*, (to_date($2, 'YYYY-MM') + interval '1 month - 1 day')::date as last_day
    from store.indicator as indicator
    where indicator.indicator = $4 and indicator.last_release is null

),

tree as materialized (

    select tree.*, tree.path[cardinality(tree.path) - 1] as parent_id
    from catalogue
    cross join lateral store.trace_tree($1, catalogue.last_day, $6, catalogue.reporter_class) as tree

),

heard as materialized (

    select said.*
    from catalogue
    cross join lateral store.trace_versions($1, $2, $3, $4, $5, $6, catalogue.last_day, catalogue.reporter_class) as said

),

standing as materialized (

    select
        unit.unit_id, observation.scope, observation.mark, observation.numerator,
        case when catalogue.kind = 'ratio' then observation.denominator end as denominator,
        observation.is_counted and (unit.is_reporter or not observation.is_withheld) as is_counted,
        observation.is_withheld, observation.withheld_by, observation.submission_seq, observation.row_number,
        statement.locator, statement.is_taken_back,
        observation.denominator as stated_denominator
    from tree as unit
    inner join store.observation as observation
        on
            observation.period_key = $3 and observation.indicator_key = $5
            and observation.unit_key = any(array(select each.unit_key from tree as each))
            and unit.unit_key = observation.unit_key and observation.last_release is null
            and observation.scope = case when unit.is_reporter then 'own' else 'total' end
    cross join catalogue
    left join heard as statement
        on
            observation.submission_seq = statement.submission_seq
            and observation.row_number = statement.row_number
            and statement.outcome = 'stands'

),

complaints as (

    select
        standing.unit_id,
        string_agg(finding.message_vi, ' ' order by finding.rule, finding.finding_id) as why_vi,
        string_agg(finding.message_en, ' ' order by finding.rule, finding.finding_id) as why_en,
        (array_agg(finding.finding_id order by finding.rule, finding.finding_id))[1] as finding_id
    from standing
    cross join catalogue
    inner join store.finding as finding
        on
            finding.unit_id = any(array(select each.unit_id from standing as each where each.is_withheld))
            and finding.unit_id = standing.unit_id
            and finding.period = $2
            and finding.last_release is null
            and finding.rule = any(string_to_array(standing.withheld_by, ','))
            and (
                finding.indicator = $4 and coalesce(finding.scope, standing.scope) = standing.scope
                or finding.indicator is null and finding.population = catalogue.population
            )
    where standing.is_withheld
    group by standing.unit_id

),

-- In another tree only groupings (and its nation) are published: what the reporters below a territorial unit give is added up.
added_up as (

    select
        above.unit_id,
        sum(standing.numerator)::bigint as numerator,
        sum(standing.denominator)::bigint as denominator
    from tree
    inner join standing on tree.unit_id = standing.unit_id and standing.is_counted
    cross join lateral unnest(tree.path) as above (unit_id)
    where $6 <> 'territorial' and tree.is_reporter and not tree.is_under_reporter
    group by above.unit_id

),

figures as materialized (

    select
        tree.*,
        coalesce(cell.numerator, added_up.numerator, own.numerator) as numerator,
        coalesce(cell.denominator, added_up.denominator, own.denominator) as denominator,
        case
            when cell.unit_key is not null then cell.basis::text
            when tree.is_node and added_up.unit_id is not null then 'added_up'
            when tree.is_reporter and own.is_counted then 'own'
        end as basis,
        cell.reporting_units, cell.expected_units, cell.withheld_units
    from tree
    left join store.rollup as cell
        on
            cell.period_key = $3 and cell.indicator_key = $5
            and tree.unit_key = cell.unit_key and cell.last_release is null and tree.is_node
    left join standing as own on tree.unit_id = own.unit_id and tree.is_reporter and own.is_counted
    left join added_up on tree.unit_id = added_up.unit_id and tree.is_node and cell.unit_key is null

),

-- Units without a figure that have others under them: how many are expected there, and what became of them.
silent as materialized (

    select
        above.unit_id,
        count(*) filter (
            where said.mark is distinct from 'not_applicable' or said.is_withheld
        ) as expected,
        count(*) filter (where said.is_withheld) as withheld
    from figures as unit
    cross join lateral unnest(unit.path) as above (unit_id)
    inner join figures as node on above.unit_id = node.unit_id and node.is_node and node.basis is null
    left join standing as said on unit.unit_id = said.unit_id
    where (unit.is_reporter and not unit.is_under_reporter) or unit.is_declarer
    group by above.unit_id

),

judged as materialized (

    select
        unit.*,
        above.basis = 'declared' as is_covered,
        own.unit_id is not null as has_spoken,
        case
            when unit.basis is not null then 'figure'
            when unit.is_node and silent.expected > 0 then 'missing_below'
            when unit.is_node then 'not_applicable'
            when not unit.is_reporter then 'not_expected'
            when own.unit_id is null then 'missing'
            when own.is_withheld then 'withheld'
            when own.mark = 'not_applicable' then 'not_applicable'
            else 'incomplete'
        end as outcome,
        silent.expected as silent_expected,
        silent.withheld as silent_withheld,
        own.submission_seq, own.row_number, own.locator, own.scope, own.withheld_by, own.is_taken_back,
        own.numerator as own_numerator, own.stated_denominator
    from figures as unit
    left join figures as above on unit.parent_id = above.unit_id
    left join standing as own on unit.unit_id = own.unit_id and unit.is_reporter
    left join silent on unit.unit_id = silent.unit_id

),

-- Under a unit without any figure, and under a reporter, only those are listed of whom there is something to tell.
loud as (

    select distinct above.unit_id
    from judged as unit
    left join judged as parent on unit.parent_id = parent.unit_id
    inner join (
        select unit_id from standing union select unit_id from heard
    ) as told on unit.unit_id = told.unit_id
    cross join lateral unnest(unit.path) as above (unit_id)
    where parent.outcome = 'missing_below' or unit.is_under_reporter or (unit.is_node and unit.basis is null)

),

listed as materialized (

    select
        unit.*,
        case
            when unit.parent_id is null and unit.outcome = 'figure' then 'figure'
            when unit.outcome = 'missing_below' then 'missing'
            when unit.outcome <> 'figure' then unit.outcome
            when unit.is_under_reporter then 'under_reporter'
            when unit.is_covered then 'covered'
            else 'summed'
        end as role
    from judged as unit
    left join judged as above on unit.parent_id = above.unit_id
    where
        unit.parent_id is null
        or (
            (above.outcome <> 'missing_below' or above.parent_id is null or unit.unit_id in (select unit_id from loud))
            and (not unit.is_under_reporter or unit.unit_id in (select unit_id from loud))
        )

),

ranked as materialized (

    select
        unit.*,
        array_position(array['figure', 'summed', 'covered', 'withheld', 'incomplete', 'missing', 'not_applicable',
            'under_reporter', 'not_expected'], unit.role) || ' ' || unit.unit_code as rank
    from listed as unit

),

-- Where those stand that have others under them; everybody else is one step further.
steps as materialized (

    select unit.unit_id, array_agg(above.rank order by step.position) as place
    from (select distinct parent_id from ranked) as parent
    inner join ranked as unit on parent.parent_id = unit.unit_id
    cross join lateral unnest(unit.path) with ordinality as step (unit_id, position)
    inner join ranked as above on step.unit_id = above.unit_id
    group by unit.unit_id

),

placed as materialized (

    select unit.unit_id, coalesce(steps.place, '{}') || unit.rank as place
    from ranked as unit
    left join steps on unit.parent_id = steps.unit_id

),

units as (

    select
        placed.place, unit.role, unit.unit_id, unit.scope,
        case when unit.basis is null then unit.own_numerator else unit.numerator end,
        case when unit.basis is null then unit.stated_denominator else unit.denominator end,
        nullif(unit.basis, 'added_up'), unit.reporting_units, unit.expected_units, unit.withheld_units,
        case
            when unit.basis is not null then unit.basis
            when unit.outcome = 'withheld' and unit.withheld_by = 'HELD' then 'held'
            when unit.outcome = 'not_applicable' and unit.is_node then 'not_applicable_below'
            else unit.outcome
        end as reason,
        case
            when unit.outcome = 'missing_below' then array[unit.silent_expected, unit.silent_withheld]::text[]
            when unit.outcome = 'withheld' then array[unit.withheld_by]
            else array[unit.reporting_units, unit.expected_units]::text[]
        end as said,
        case
            when unit.is_taken_back then 'taken_back'
            when unit.role = 'covered' then 'covered'
            when unit.is_under_reporter and unit.outcome = 'figure' then 'under_reporter'
        end as also,
        unit.submission_seq, unit.row_number, unit.locator,
        case when unit.outcome = 'withheld' then unit.withheld_by end as rule,
        complaints.finding_id, complaints.why_vi, complaints.why_en
    from listed as unit
    inner join placed on unit.unit_id = placed.unit_id
    left join complaints on unit.unit_id = complaints.unit_id and unit.outcome = 'withheld'

),

declarations as (

    select
        placed.place || '0 declared'::text,
        case
            when said.is_withheld and said.withheld_by ~ '^(D05|N01)(,|$)' then 'set_aside'
            when said.is_withheld then 'withheld'
            when said.mark = 'not_applicable' then 'not_applicable'
            when not said.is_counted then 'incomplete'
            when unit.basis = 'declared' then 'declared'
            else 'beside'
        end as role,
        unit.unit_id, said.scope, said.numerator,
        case when unit.basis = 'declared' and said.is_counted then said.denominator else said.stated_denominator end,
        null::text, null::bigint, null::bigint, null::bigint,
        case
            when said.is_withheld and said.withheld_by = 'HELD' then 'held'
            when said.is_withheld then 'withheld'
            when said.mark = 'not_applicable' then 'not_applicable'
            when not said.is_counted then 'incomplete'
            when unit.basis = 'declared' then 'declaration_taken'
            when (said.numerator, said.denominator) is not distinct from (unit.numerator, unit.denominator)
                then 'declaration_agrees'
            else 'declaration_differs'
        end as reason,
        array[said.withheld_by],
        case when said.is_taken_back then 'taken_back' end,
        said.submission_seq, said.row_number, said.locator, said.withheld_by,
        complaints.finding_id, complaints.why_vi, complaints.why_en
    from standing as said
    inner join listed as unit on said.unit_id = unit.unit_id and not unit.is_reporter
    inner join placed on unit.unit_id = placed.unit_id
    left join complaints on unit.unit_id = complaints.unit_id

),

versions as (

    select
        placed.place || concat('91 ', lpad((9999999999 - said.submission_seq)::text, 10, '0'), said.row_number),
        case
            when said.outcome in ('submission_withdrawn', 'fact_withdrawn') then 'withdrawn'
            when said.outcome = 'pending_withdrawal' then 'pending'
            when said.outcome = 'conflict' then 'withheld'
            else said.outcome
        end as role,
        said.unit_id, said.scope, said.numerator, said.denominator,
        null::text, null::bigint, null::bigint, null::bigint,
        said.outcome, said.said, null::text, said.submission_seq, said.row_number, said.locator, said.rule, null::text,
        split_part(said.reason, ' / ', 1),
        coalesce(nullif(split_part(said.reason, ' / ', 2), ''), said.reason)
    from heard as said
    inner join placed on said.unit_id = placed.unit_id
    where said.outcome <> 'stands'

),

prose as (

    select
        placed.place || concat('95 ', claim.submission_id, lpad(claim.claim_number::text, 6, '0')),
        'prose', claim.sender_unit_id, null::text, claim.numerator, claim.denominator,
        null::text, null::bigint, null::bigint, null::bigint,
        'prose_' || coalesce(claim.verdict, 'unlinked'), array[claim.quote], null::text,
        submission.submission_seq, null::integer,
        format('ký tự/characters %s–%s', claim.char_start, claim.char_end), null::text, null::text, null::text, null::text
    from quality.report_claim as claim
    inner join placed on claim.sender_unit_id = placed.unit_id
    inner join raw.submission as submission on claim.submission_id = submission.submission_id
    where claim.period = $2 and claim.indicator = $4

),

-- Sums must check: where the summed children do not give the figure, that is said.
unexplained as (

    select
        placed.place || '99 unexplained'::text, 'unexplained', unit.unit_id, null::text,
        unit.numerator - coalesce(below.numerator, 0), unit.denominator - coalesce(below.denominator, 0),
        null::text, null::bigint, null::bigint, null::bigint, 'unexplained', null::text[], null::text,
        null::bigint, null::integer, null::text, null::text, null::text, null::text, null::text
    from listed as unit
    inner join placed on unit.unit_id = placed.unit_id
    left join (
        select parent_id, sum(numerator) as numerator, sum(denominator) as denominator
        from listed
        where role = 'summed'
        group by parent_id
        union all
        select said.unit_id, said.numerator, said.denominator
        from standing as said
        inner join figures on said.unit_id = figures.unit_id
        where figures.basis = 'declared' and said.is_counted
    ) as below on unit.unit_id = below.parent_id
    where
        unit.basis is not null and not unit.is_reporter
        and (unit.numerator, unit.denominator) is distinct from (below.numerator::bigint, below.denominator::bigint)

)

select * from units
union all
select * from declarations
union all
select * from versions
union all
select * from prose
union all
select * from unexplained
union all
select
    root.place || counted.place, counted.role, counted.unit_id, null, counted.numerator, null, null, null, null, null,
    counted.reason, counted.said, null, counted.submission_seq, counted.row_number, counted.locator, null, null, null, null
from catalogue
inner join placed as root on root.unit_id = $1
cross join lateral store.trace_count($1, $2, catalogue.population) as counted
where catalogue.nested_in is null and counted.role <> 'agrees'
$$;
comment on function store.trace_figure(text, text, integer, text, smallint, text) is
    'Behind marts.trace: the rows behind a figure of an indicator, in no order and not yet in words';
revoke execute on function store.trace_figure(text, text, integer, text, smallint, text) from public;
