-- The ledger says more of each file, a file may wait for its mapping, and reports in prose have a place.
alter table raw.submission drop constraint submission_status_check;
alter table raw.submission add constraint submission_status_check
    check (status in ('received', 'waiting', 'loaded', 'rejected', 'withdrawn'));
alter table raw.submission drop constraint submission_kind_check;
alter table raw.submission add constraint submission_kind_check
    check (kind in ('delimited', 'workbook', 'report', 'withdrawal', 'register', 'unknown'));
alter table raw.submission
    add column size_bytes  bigint,
    add column encoding    text,
    add column warning     text,
    add column sent_by     text,
    add column archived_as text;
comment on column raw.submission.status is
    'received: being read (or a reading that was cut short); waiting: needs its mapping, read again after; loaded; '
    'rejected; withdrawn. Superseded is no status of its own: raw.ledger derives it, so that a withdrawal brings back';
comment on column raw.submission.encoding is 'How the bytes were read as text; null where they are no text';
comment on column raw.submission.warning is 'What the reader was unsure of; the figures count all the same';
comment on column raw.submission.sent_by is 'Who handed the file in, where that is known (tonghop submit)';
comment on column raw.submission.archived_as is 'Name of the original in the sender''s folder of the archive';

-- Checked a row, the reference took two thirds of the time of a load. Statements, their periods and the status of their
-- submission are written in one transaction, and raw.submission_period keeps its own reference.
alter table raw.statement drop constraint statement_submission_seq_fkey;

create table raw.report_text (
    submission_seq bigint primary key references raw.submission,
    period         text,
    text           text not null
);
comment on table raw.report_text is 'The text of a report in prose as it was read; offsets of raw.claim count its characters from 0';

create table raw.claim (
    submission_seq bigint not null references raw.submission,
    claim_number   integer not null,
    char_start     integer not null,
    char_end       integer not null,
    quote          text not null,
    kind           text not null,
    bound          text,
    rate_bound     text,
    numerator      bigint,
    denominator    bigint,
    stated_rate    text,
    rate_value     numeric,
    rate_decimals  smallint,
    topic          text,
    label          text,
    population     text,
    indicator      text,
    link_score     numeric,
    consistent     boolean,
    primary key (submission_seq, claim_number)
);
comment on table raw.claim is 'One row per figure that a report in prose claims; evidence beside the tables, never summed';
comment on column raw.claim.bound is 'lower (trên), upper (gần), about (khoảng) or range; null for an exact figure; rate_bound the same of the rate';
comment on column raw.claim.topic is 'The place that the sentence speaks of before the figure; label: the words that name the figure before it';
comment on column raw.claim.population is 'The words of what is counted, as written';
comment on column raw.claim.indicator is 'The indicator of the catalogue whose words match well enough; null where none does';
comment on column raw.claim.consistent is 'Whether the claim agrees with itself (its rate with its ratio); null where it cannot be judged';

-- The ledger as people read it. A submission is superseded when the sender has restated or taken back everything it said.
create view raw.ledger as
with

called as (

    select code as name, unit_id, valid from reference.org_unit
    union
    select unit_id as name, unit_id, valid from reference.org_unit

),

spoken as (

    select
        submission.submission_seq,
        spoken.period,
        coalesce(sender.unit_id, submission.sender) as sender,
        (to_date(spoken.period, 'YYYY-MM') + interval '1 month - 1 day')::date as last_day,
        count(*) over (partition by coalesce(sender.unit_id, submission.sender), spoken.period) > 1 as is_contested
    from raw.submission as submission
    inner join raw.submission_period as spoken on submission.submission_seq = spoken.submission_seq
    left join called as sender
        on
            submission.sender = sender.name
            and sender.valid @> (to_date(spoken.period, 'YYYY-MM') + interval '1 month - 1 day')::date
    where
        submission.status = 'loaded'
        and spoken.rows_kept > 0

),

-- Statements are compared only where a sender spoke of a period more than once.
standing as (

    select submission_seq
    from spoken
    where not is_contested
    union
    select max(statement.submission_seq)
    from spoken
    inner join raw.statement as statement
        on
            spoken.submission_seq = statement.submission_seq
            and spoken.period = statement.period
    left join called as unit on statement.unit_code = unit.name and unit.valid @> spoken.last_day
    where spoken.is_contested
    group by
        spoken.sender, coalesce(unit.unit_id, statement.unit_code), statement.indicator, statement.period, statement.scope

)

select
    submission.*,
    case
        when submission.status <> 'loaded' then submission.status
        when submission.kind = 'report' then
            case
                when exists (
                    select 1
                    from raw.submission as later
                    inner join raw.report_text as said on later.submission_seq = said.submission_seq
                    inner join raw.report_text as before on before.submission_seq = submission.submission_seq
                    where
                        later.sender = submission.sender
                        and later.form = submission.form
                        and later.status = 'loaded'
                        and later.submission_seq > submission.submission_seq
                        and said.period is not distinct from before.period
                ) then 'superseded'
                else 'loaded'
            end
        when
            submission.rows_kept > 0
            and not exists (select 1 from standing where standing.submission_seq = submission.submission_seq)
            then 'superseded'
        else 'loaded'
    end as state
from raw.submission as submission;
comment on view raw.ledger is 'Every submission and its state: received, waiting, loaded, superseded, rejected or withdrawn';
