create table quality.rejected_row (
    submission_id  text not null,
    submission_seq bigint not null,
    row_number     integer not null,
    locator        text not null,
    rule           text not null,
    reason         text not null,
    raw            jsonb not null,
    judged         text not null check (judged in ('reading', 'night')),
    judged_at      timestamptz not null default now(),
    primary key (submission_seq, row_number, rule, locator)
);
comment on table quality.rejected_row is 'One row per line or cell kept aside. judged=reading stands for ever; judged=night is judged again every night';

create table quality.finding (
    finding_id       text primary key,
    group_id         text not null,
    rule             text not null,
    severity         text not null check (severity in ('error', 'warning', 'info')),
    state            text not null check (state in ('open', 'returned', 'waived', 'corrected')),
    sender_unit_id   text,
    province_unit_id text,
    unit_id          text,
    indicator        text,
    population       text,
    period           text,
    scope            text,
    expected         text,
    actual           text,
    imbalance        numeric,
    message_vi       text not null,
    message_en       text not null,
    explanation      text,
    explanations     jsonb not null default '[]',
    submission_id    text,
    locator          text,
    values_key       text not null,
    first_seen_at    timestamptz not null,
    last_seen_at     timestamptz not null,
    last_run_id      text not null
);
comment on table quality.finding is 'One row per finding, kept for ever: its id is the rule and the key of its subject, so it survives resubmissions';
comment on column quality.finding.values_key is 'Fingerprint of the values judged: a waiver binds to it';
create index on quality.finding (state, rule);
create index on quality.finding (province_unit_id);

create table quality.waiver (
    waiver_id    bigint generated always as identity primary key,
    finding_id   text not null references quality.finding,
    values_key   text not null,
    reason       text not null check (length(trim(reason)) > 0),
    author       text not null,
    valid_until  date not null,
    created_at   timestamptz not null default now()
);

create table quality.closed_period (
    period    text primary key,
    closed_at timestamptz not null default now(),
    closed_by text not null,
    reason    text not null
);
comment on table quality.closed_period is 'A period that a steward closed: statements received later are kept aside (S09)';

create unlogged table quality.run_finding (
    run_id           text not null,
    gate             text not null,
    finding_id       text not null,
    group_id         text not null,
    rule             text not null,
    severity         text not null,
    is_waived        boolean not null default false,
    sender_unit_id   text,
    province_unit_id text,
    unit_id          text,
    indicator        text,
    population       text,
    period           text,
    scope            text,
    expected         text,
    actual           text,
    imbalance        numeric,
    message_vi       text not null,
    message_en       text not null,
    explanation      text,
    explanations     jsonb not null default '[]',
    submission_id    text,
    locator          text,
    values_key       text not null,
    primary key (run_id, finding_id)
);
comment on table quality.run_finding is 'What one night''s gates found, before it is merged into quality.finding';

create unlogged table quality.run_withheld (
    run_id    text not null,
    unit_id   text not null,
    indicator text not null,
    period    text not null,
    scope     text not null,
    rules     text[] not null,
    is_province_held boolean not null,
    primary key (run_id, unit_id, indicator, period, scope)
);
comment on table quality.run_withheld is 'Observations that an unwaived error (or the holding of their whole province) keeps out of every sum of the night';

create unlogged table quality.run_kept_aside (
    run_id         text not null,
    submission_seq bigint not null,
    row_number     integer not null,
    rule           text not null,
    primary key (run_id, submission_seq, row_number, rule)
);
comment on table quality.run_kept_aside is 'Raw rows that the night keeps aside (S03-S05, S09-S11)';
