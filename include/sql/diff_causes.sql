-- Why each moved figure moved, read from the earlier release to the later: what was said under it anew, taken back, judged
-- or placed otherwise. Everything that is named was loaded or decided between the two.
create temporary table spoken on commit drop as
select
    period_key, indicator_key, unit_key, scope, department_key, province_key, mark, numerator, denominator, is_reporter,
    is_counted, is_withheld, withheld_by, submission_seq, first_release > %(low)s as is_later
from store.observation
where
    (first_release <= %(low)s and last_release >= %(low)s and last_release < %(high)s)
    or (
        first_release > %(low)s and first_release <= %(high)s
        and (last_release is null or last_release >= %(high)s)
    );

analyze pg_temp.spoken;

create temporary table cause on commit drop as
with recursive

stated as (

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
        )

),

arrived as (

    select submission_seq, kind, loaded_at
    from raw.submission
    where loaded_at > %(low_built)s

),

-- The last word about a fact that says nothing any more: a withdrawal, or a statement that was kept aside.
last_word as (

    select
        period.period_key,
        indicator.indicator_key,
        unit.unit_key,
        statement.scope,
        max(statement.submission_seq) as submission_seq
    from arrived
    inner join raw.statement as statement on arrived.submission_seq = statement.submission_seq
    inner join store.period_key as period on statement.period = period.period
    inner join store.indicator_key as indicator on statement.indicator = indicator.indicator
    inner join (
        select distinct org_unit.unit_code as name, org_unit.unit_key from store.org_unit as org_unit
        union
        select known.unit_id, known.unit_key from store.unit_key as known
    ) as unit on statement.unit_code = unit.name
    inner join stated
        on
            period.period_key = stated.period_key
            and indicator.indicator_key = stated.indicator_key
            and unit.unit_key = stated.unit_key
            and statement.scope = stated.scope
    where
        arrived.loaded_at <= %(high_built)s
        and (stated.later_seq is null or stated.later_seq < stated.earlier_seq)
    group by period.period_key, indicator.indicator_key, unit.unit_key, statement.scope

),

waived as (

    select finding.unit_id, finding.period, finding.indicator, max(waiver.waiver_id) as waiver_id
    from quality.waiver as waiver
    inner join quality.finding as finding using (finding_id)
    where
        (waiver.created_at > %(low_built)s and waiver.created_at <= %(high_built)s)
        or (waiver.valid_until >= %(low_built)s::date and waiver.valid_until < %(high_built)s::date)
    group by finding.unit_id, finding.period, finding.indicator

),

explained as (

    select
        stated.*,
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
    from stated
    inner join store.period_key as period using (period_key)
    inner join store.unit_key as unit using (unit_key)
    inner join store.indicator_key as indicator using (indicator_key)
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
            and unit.unit_id = waived.unit_id
            and period.period = waived.period
            and (waived.indicator is null or waived.indicator = indicator.indicator)
    left join quality.closed_period as closed
        on
            period.period = closed.period
            and closed.closed_at > %(low_built)s
            and closed.closed_at <= %(high_built)s

),

-- From a unit up to whatever stands above it, in either release.
parent as (

    select distinct
        org_unit.unit_key,
        above.unit_key as parent_key,
        org_unit.valid_from,
        org_unit.valid_to
    from store.org_unit as org_unit
    inner join store.unit_key as above on org_unit.parent_unit_id = above.unit_id
    where
        org_unit.first_release <= %(high)s
        and (org_unit.last_release is null or org_unit.last_release >= %(low)s)

),

climbed as (

    select distinct period_key, unit_key, unit_key as ancestor_key
    from explained

    union

    select climbed.period_key, climbed.unit_key, parent.parent_key
    from climbed
    inner join store.period_key as period using (period_key)
    inner join parent
        on
            climbed.ancestor_key = parent.unit_key
            and (parent.valid_from is null or parent.valid_from <= period.last_day)
            and (parent.valid_to is null or parent.valid_to > period.last_day)

),

reached as (

    select distinct explained.period_key, explained.indicator_key, climbed.ancestor_key as unit_key, explained.kind,
        explained.reference
    from explained
    inner join climbed using (period_key, unit_key)

    union

    -- A department stands above its provinces by assignment.
    select distinct period_key, indicator_key, department_key, kind, reference
    from explained
    where department_key is not null

),

-- The nation, and groupings of other trees, stand above everything that is said of the indicator.
anywhere as (

    select distinct period_key, indicator_key, kind, reference
    from explained

),

found as (

    select moved.period_key, moved.unit_key, moved.indicator_key, reached.kind, reached.reference
    from moved
    inner join reached using (period_key, unit_key, indicator_key)

    union

    select moved.period_key, moved.unit_key, moved.indicator_key, anywhere.kind, anywhere.reference
    from moved
    inner join anywhere using (period_key, indicator_key)
    where moved.level not in ('department', 'province', 'district', 'grassroots')

)

select * from found

union all

-- Nothing was said or judged otherwise under it: the tree, the calendar or the catalogue moved it; else the rules did.
select
    moved.period_key, moved.unit_key, moved.indicator_key,
    case
        when %(is_restored)s then 'restore'
        when %(is_register_changed)s then 'register'
        else 'code'
    end,
    case when %(is_restored)s then %(high)s::text else '' end
from moved
where not exists (
    select 1
    from found
    where
        found.period_key = moved.period_key
        and found.unit_key = moved.unit_key
        and found.indicator_key = moved.indicator_key
);

analyze pg_temp.cause;
