-- Why figures moved, read from the earlier release to the later: what was said of each unit anew, taken back, judged or placed
-- otherwise (pg_temp.said_why; diff_reached.sql goes up from there). Everything that is named was loaded or decided between
-- the two. Step by step in tables that are measured: a whole period is two million statements, and a planner that takes them
-- for hundreds sorts them five times.
create temporary table stated on commit drop as
select
    coalesce(later.period_key, earlier.period_key) as period_key,
    coalesce(later.indicator_key, earlier.indicator_key) as indicator_key,
    coalesce(later.unit_key, earlier.unit_key) as unit_key,
    coalesce(later.scope, earlier.scope) as scope,
    coalesce(later.department_key, earlier.department_key) as department_key,
    earlier.submission_seq as earlier_seq,
    later.submission_seq as later_seq,
    coalesce(later.withheld_by, earlier.withheld_by) as rules,
    earlier.submission_seq is null or later.submission_seq is null or (
        earlier.department_key, earlier.province_key, earlier.is_reporter
    ) is distinct from (later.department_key, later.province_key, later.is_reporter) as may_be_placing
from (select * from pg_temp.spoken where not is_later) as earlier
full join (select * from pg_temp.spoken where is_later) as later
    on
        earlier.period_key = later.period_key
        and earlier.indicator_key = later.indicator_key
        and earlier.unit_key = later.unit_key
        and earlier.scope = later.scope
where
    (
        earlier.mark, earlier.numerator, earlier.denominator, earlier.is_reporter, earlier.is_counted,
        earlier.is_withheld, earlier.department_key, earlier.province_key
    ) is distinct from (
        later.mark, later.numerator, later.denominator, later.is_reporter, later.is_counted, later.is_withheld,
        later.department_key, later.province_key
    );

analyze pg_temp.stated;

create temporary table silenced on commit drop as
select period_key, indicator_key, unit_key, scope
from pg_temp.stated
where later_seq is null or later_seq < earlier_seq;

analyze pg_temp.silenced;

create temporary table explained on commit drop as
with

arrived as (

    select submission_seq, kind, loaded_at
    from raw.submission
    where loaded_at > %(low_built)s

),

-- Who spoke of a period in which something fell silent: where nothing did, nothing that was sent is read.
heard as (

    select distinct arrived.submission_seq
    from pg_temp.silenced as silenced
    inner join store.period_key as period using (period_key)
    inner join raw.submission_period as spoken on period.period = spoken.period
    inner join arrived on spoken.submission_seq = arrived.submission_seq
    where arrived.loaded_at <= %(high_built)s

),

-- The last word about a fact that says nothing any more: a withdrawal, or a statement that was kept aside.
last_word as (

    select
        silenced.period_key,
        silenced.indicator_key,
        silenced.unit_key,
        silenced.scope,
        max(statement.submission_seq) as submission_seq
    from heard
    inner join raw.statement as statement on heard.submission_seq = statement.submission_seq
    inner join store.period_key as period on statement.period = period.period
    inner join store.indicator_key as indicator on statement.indicator = indicator.indicator
    inner join (
        select org_unit.unit_code as name, org_unit.unit_key from store.org_unit as org_unit
        union
        select known.unit_id, known.unit_key from store.unit_key as known
    ) as unit on statement.unit_code = unit.name
    inner join pg_temp.silenced as silenced
        on
            period.period_key = silenced.period_key
            and indicator.indicator_key = silenced.indicator_key
            and unit.unit_key = silenced.unit_key
            and statement.scope = silenced.scope
    group by silenced.period_key, silenced.indicator_key, silenced.unit_key, silenced.scope

),

waived as (

    select
        unit.unit_key,
        period.period_key,
        indicator.indicator_key,
        finding.indicator,
        max(waiver.waiver_id) as waiver_id
    from quality.waiver as waiver
    inner join quality.finding as finding using (finding_id)
    inner join store.unit_key as unit on finding.unit_id = unit.unit_id
    inner join store.period_key as period on finding.period = period.period
    left join store.indicator_key as indicator on finding.indicator = indicator.indicator
    where
        (waiver.created_at > %(low_built)s and waiver.created_at <= %(high_built)s)
        or (waiver.valid_until >= %(low_built)s::date and waiver.valid_until < %(high_built)s::date)
    group by unit.unit_key, period.period_key, indicator.indicator_key, finding.indicator

),

closed as (

    select period.period_key, closed.period
    from quality.closed_period as closed
    inner join store.period_key as period on closed.period = period.period
    where closed.closed_at > %(low_built)s and closed.closed_at <= %(high_built)s

)

select
    stated.period_key, stated.indicator_key, stated.unit_key, stated.department_key,
    case
        when %(is_restored)s then 'restore'
        when later_arrived.submission_seq is not null and stated.later_seq is distinct from stated.earlier_seq
            then case when later_arrived.kind = 'withdrawal' then 'withdrawal' else 'submission' end
        when withdrawn.submission_seq is not null then 'withdrawal'
        when last_word.submission_seq is not null
            then case when word.kind = 'withdrawal' then 'withdrawal' else 'submission' end
        when stated.may_be_placing and %(is_register_changed)s then 'register'
        when waived.waiver_id is not null then 'waiver'
        when closed.period is not null then 'closing'
        else 'finding'
    end as kind,
    case
        when %(is_restored)s then %(high)s::text
        when later_arrived.submission_seq is not null and stated.later_seq is distinct from stated.earlier_seq
            then stated.later_seq::text
        when withdrawn.submission_seq is not null then withdrawn.submission_seq::text
        when last_word.submission_seq is not null then last_word.submission_seq::text
        when stated.may_be_placing and %(is_register_changed)s then ''
        when waived.waiver_id is not null then waived.waiver_id::text
        when closed.period is not null then closed.period
        else coalesce(stated.rules, '')
    end as reference
from pg_temp.stated as stated
left join arrived as later_arrived on stated.later_seq = later_arrived.submission_seq
left join raw.submission as withdrawn
    on
        stated.earlier_seq = withdrawn.submission_seq
        and withdrawn.status = 'withdrawn'
        and withdrawn.withdrawn_at > %(low_built)s
        and withdrawn.withdrawn_at <= %(high_built)s
left join last_word
    on
        stated.period_key = last_word.period_key
        and stated.indicator_key = last_word.indicator_key
        and stated.unit_key = last_word.unit_key
        and stated.scope = last_word.scope
left join arrived as word on last_word.submission_seq = word.submission_seq
left join waived
    on
        stated.later_seq = stated.earlier_seq
        and stated.unit_key = waived.unit_key
        and stated.period_key = waived.period_key
        and (waived.indicator is null or stated.indicator_key = waived.indicator_key)
left join closed on stated.period_key = closed.period_key;

analyze pg_temp.explained;

-- Every cause once, by a number in the order of its name; what has none of these was moved by the tree, the calendar or the
-- catalogue; else by the rules.
create temporary table cause_name on commit drop as
select
    row_number() over (order by kind, reference)::integer as cause_key,
    kind,
    reference
from (
    select * from (select distinct kind, reference from pg_temp.explained) as known
    union
    select
        case
            when %(is_restored)s then 'restore'
            when %(is_register_changed)s then 'register'
            else 'code'
        end,
        case when %(is_restored)s then %(high)s::text else '' end
) as named;

analyze pg_temp.cause_name;

create temporary table said_why on commit drop as
select distinct explained.period_key, explained.indicator_key, explained.unit_key, cause_name.cause_key
from pg_temp.explained as explained
inner join pg_temp.cause_name as cause_name using (kind, reference);

analyze pg_temp.said_why;
