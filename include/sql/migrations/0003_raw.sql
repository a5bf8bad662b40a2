create table raw.submission (
    submission_seq bigint generated always as identity primary key,
    submission_id  text not null unique,
    sender         text not null,
    kind           text not null check (kind in ('delimited', 'workbook', 'withdrawal', 'unknown')),
    file_name      text not null,
    content_hash   text not null,
    form           text not null,
    reader         text not null,
    reader_version text not null,
    received_at    timestamptz not null,
    loaded_at      timestamptz,
    status         text not null check (status in ('loaded', 'rejected', 'withdrawn')),
    problem        text,
    rows_read      integer not null default 0,
    rows_kept      integer not null default 0,
    rows_aside     integer not null default 0,
    withdrawn_at   timestamptz,
    withdrawn_why  text
);
comment on table raw.submission is 'The ledger of what was received: one row per file (or withdrawal) that is not the same bytes as the sender''s latest';
comment on column raw.submission.submission_seq is 'Order of receipt: later supersedes earlier, fact by fact';
comment on column raw.submission.sender is 'Code or unit id of a province or department, as the folder or --from gave it; a code means a unit only with a period';
comment on column raw.submission.form is 'What a later file of the same sender replaces as a whole: template form and period, or the file name of a delimited file';
create index on raw.submission (sender, submission_seq desc);

create table raw.submission_period (
    submission_seq bigint not null references raw.submission,
    period         text not null,
    rows_kept      integer not null,
    primary key (submission_seq, period)
);
create index on raw.submission_period (period);

create table raw.statement (
    submission_seq    bigint not null references raw.submission,
    row_number        integer not null,
    locator           text not null,
    action            text not null check (action in ('state', 'withdraw')),
    unit_code         text not null,
    indicator         text not null,
    period            text not null,
    scope             text not null,
    numerator         text,
    denominator       text,
    stated_rate       text,
    note              text,
    mark              text not null check (mark in ('reported', 'nil', 'not_applicable', 'missing')),
    numerator_value   bigint,
    denominator_value bigint,
    rate_value        numeric,
    rate_decimals     smallint,
    primary key (submission_seq, row_number)
);
comment on table raw.statement is 'One row per fact as a file states it: texts as written, and beside them how the reader read them';
comment on column raw.statement.locator is 'Where it stands: "dòng/line 12" of a delimited file, "Sheet!C7" of a workbook (its numerator cell)';
comment on column raw.statement.mark is 'reported, nil (0, -, không), not_applicable (X) or missing (only a rate was stated)';
comment on column raw.statement.rate_value is 'stated_rate as a fraction of one; rate_decimals counts the decimals of the percentage as written';
