-- The life of a finding: who looks after it, by when it is answered, what became of it; and how many there are day by day.

alter table quality.finding
    add column owner text,
    add column due_on date,
    add column is_escalated boolean not null default false;
comment on column quality.finding.owner is
    'Who looks after it: at first the department of its sender (null above the departments), later whoever it was assigned to';
comment on column quality.finding.due_on is
    'The last day, in Vietnam, to answer it; kept over resubmissions, new when it is reopened. Null: needs no answer';
comment on column quality.finding.is_escalated is
    'A warning that stands past its due day without a waiver. It withholds nothing: it is shown first';

create table quality.finding_event (
    event_id     bigint generated always as identity primary key,
    finding_id   text not null,
    happened_at  timestamptz not null default clock_timestamp(),
    event        text not null check (
        event in ('seen', 'changed', 'returned', 'waived', 'reopened', 'corrected', 'escalated', 'assigned')
    ),
    state_before text,
    state_after  text not null,
    values_key   text not null,
    due_on       date,
    run_id       text,
    author       text,
    note         text
);
comment on table quality.finding_event is
    'One row per turn in the life of a finding, only ever added to: by the night that found it otherwise, or by a person';
comment on column quality.finding_event.event is
    'seen for the first time; changed: other values, still wrong; returned to its sender; waived; reopened after it was waived'
    ' or corrected; corrected: no longer found; escalated; assigned to another owner';
comment on column quality.finding_event.state_before is 'Null: the finding is new';
comment on column quality.finding_event.state_after is
    'The same as before where a person waived it: that takes effect with the next night, which adds a row of its own';
comment on column quality.finding_event.values_key is 'Fingerprint of the values that were judged';
comment on column quality.finding_event.due_on is 'The due day that it had from then on';
comment on column quality.finding_event.run_id is 'The night; null: a person, or a night that had nothing to build';
comment on column quality.finding_event.author is 'The person; null: the night';
comment on column quality.finding_event.note is 'Why it was waived or returned, or whom it was assigned to';
-- No foreign key: 100,000 findings a night would be looked up one by one, in the table that the same statement has read.
create index on quality.finding_event (finding_id, event_id);
create index on quality.finding_event (finding_id) where event = 'returned';

-- Here, not in grants.sql: those run after older migrations too, and know no table that is yet to come.
grant update (owner, due_on, is_escalated) on quality.finding to tonghop_steward;
grant insert on quality.finding_event to tonghop_steward;

create function quality.only_added_to() returns trigger
language plpgsql as $$
begin
    raise exception '%.% is only ever added to.', tg_table_schema, tg_table_name using errcode = 'insufficient_privilege';
end
$$;
comment on function quality.only_added_to() is 'Refuses to change or forget rows, whoever asks';
create trigger only_added_to before update or delete or truncate on quality.finding_event
for each statement execute function quality.only_added_to();

-- By how much each release moved the number of published findings: added to by publication, so that a trend costs what changed.
create table store.finding_change (
    release_id       integer not null,
    day              date not null,
    province_unit_id text,
    rule             text not null,
    indicator        text,
    severity         text not null,
    open             integer not null,
    returned         integer not null,
    waived           integer not null,
    new              integer not null,
    corrected        integer not null
);
comment on table store.finding_change is
    'One row per release, province, rule, indicator and severity with a change: the difference it made to the numbers of findings';
create index on store.finding_change (province_unit_id, rule);

create table store.finding_day (
    day        date primary key,
    release_id integer not null
);
comment on table store.finding_day is 'One row per day, in Vietnam, on which a night ended well, with the first release current on it';

-- What a release added or closed, without reading what other releases did.
create index on store.finding using brin (first_release int4_minmax_multi_ops, last_release int4_minmax_multi_ops);

create function store.count_findings(counted integer, of_day date) returns void
language sql as $$
    insert into store.finding_change (
        release_id, day, province_unit_id, rule, indicator, severity, open, returned, waived, new, corrected)
    with

    gone as (
        select finding_id, province_unit_id, rule, indicator, severity, state
        from store.finding
        where last_release = counted - 1
    ),

    come as (
        select finding_id, province_unit_id, rule, indicator, severity, state
        from store.finding
        where first_release = counted
    ),

    moved as (
        select
            come.province_unit_id, come.rule, come.indicator, come.severity, come.state, 1 as difference,
            come.state <> 'corrected' and coalesce(gone.state = 'corrected', true) as is_new,
            come.state = 'corrected' and coalesce(gone.state <> 'corrected', false) as is_corrected
        from come
        left join gone using (finding_id)

        union all

        -- What a restored release does not have is neither: it was not corrected.
        select province_unit_id, rule, indicator, severity, state, -1, false, false
        from gone
    ),

    counted_up as (
        select
            province_unit_id, rule, indicator, severity,
            coalesce(sum(difference) filter (where state = 'open'), 0) as open,
            coalesce(sum(difference) filter (where state = 'returned'), 0) as returned,
            coalesce(sum(difference) filter (where state = 'waived'), 0) as waived,
            count(*) filter (where is_new) as new,
            count(*) filter (where is_corrected) as corrected
        from moved
        group by province_unit_id, rule, indicator, severity
    )

    select counted, of_day, province_unit_id, rule, indicator, severity, open, returned, waived, new, corrected
    from counted_up
    where (open, returned, waived, new, corrected) <> (0, 0, 0, 0, 0)
$$;
comment on function store.count_findings(integer, date) is
    'Adds to store.finding_change what a release changed; called once, in the transaction that makes the release';

create view marts.fct_finding_daily as
with

changed as (
    select
        day, province_unit_id, rule, indicator, severity,
        sum(open) as open, sum(returned) as returned, sum(waived) as waived, sum(new) as new, sum(corrected) as corrected
    from store.finding_change
    group by day, province_unit_id, rule, indicator, severity
),

standing as (
    select
        day,
        lead(day) over later as next_day,
        province_unit_id, rule, indicator, severity,
        sum(open) over later as open,
        sum(returned) over later as returned,
        sum(waived) over later as waived,
        new, corrected
    from changed
    window later as (partition by province_unit_id, rule, indicator, severity order by day)
)

select
    night.day,
    standing.province_unit_id,
    standing.rule,
    standing.indicator,
    standing.severity,
    standing.open::bigint as open,
    standing.returned::bigint as returned,
    standing.waived::bigint as waived,
    (case when standing.day = night.day then standing.new else 0 end)::bigint as new,
    (case when standing.day = night.day then standing.corrected else 0 end)::bigint as corrected
from standing
inner join store.finding_day as night
    on night.day >= standing.day and (standing.next_day is null or night.day < standing.next_day)
where
    standing.open + standing.returned + standing.waived > 0
    or (standing.day = night.day and standing.new + standing.corrected > 0);

comment on view marts.fct_finding_daily is
    'One row per day, province, rule, indicator and severity that has findings: how many stood at the end of the day''s last'
    ' night. Days on which no night ran to its end have no row, and what happened since the night before counts on the next'
    ' that did. Published findings only: while a night is held, nothing moves';
comment on column marts.fct_finding_daily.day is 'The day of the night, in Vietnam';
comment on column marts.fct_finding_daily.province_unit_id is 'The province concerned; null: none, or above the provinces';
comment on column marts.fct_finding_daily.rule is 'The rule, as D03 (docs/rules.md)';
comment on column marts.fct_finding_daily.indicator is 'The indicator; null: the finding is of no single one (D04: of a population)';
comment on column marts.fct_finding_daily.severity is 'error, warning or info';
comment on column marts.fct_finding_daily.open is 'Findings open then: neither sent back, nor waived, nor corrected';
comment on column marts.fct_finding_daily.returned is 'Findings that were with their sender then';
comment on column marts.fct_finding_daily.waived is 'Findings that were waived then';
comment on column marts.fct_finding_daily.new is 'Findings that came that day: for the first time, or again after they were corrected';
comment on column marts.fct_finding_daily.corrected is 'Findings that were corrected that day';
grant create on schema marts to tonghop_builder;
alter view marts.fct_finding_daily owner to tonghop_builder;
revoke create on schema marts from tonghop_builder;

-- What was published before counts too.
select store.count_findings(release_id, (published_at at time zone 'Asia/Ho_Chi_Minh')::date)
from store.release
order by release_id;
insert into store.finding_day (day, release_id)
select (published_at at time zone 'Asia/Ho_Chi_Minh')::date, min(release_id)
from store.release
group by 1;
