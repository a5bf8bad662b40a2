-- What the columns of hand-made tables mean, by sender; and what a report in prose says that does not add up.
alter table raw.submission add column period_said text;
comment on column raw.submission.period_said is 'The period its sender said it is for (submit --period); null where only the file says';

create table reference.heading_alias (
    heading   text primary key,
    indicator text,
    field     text not null,
    note      text not null
);
comment on table reference.heading_alias is 'One row per heading of hand-made tables whose meaning everybody may rely on; a sender''s own are in raw.mapping';

create table raw.mapping (
    mapping_id    bigint generated always as identity primary key,
    sender        text not null,
    form_key      text not null,
    title         text not null,
    file_name     text not null,
    sheet         text not null,
    place         text not null,
    headings      jsonb not null,
    choices       jsonb,
    state         text not null check (state in ('proposed', 'confirmed', 'replaced', 'forgotten')),
    submission_id text not null,
    proposed_at   timestamptz not null default clock_timestamp(),
    decided_at    timestamptz,
    decided_by    text,
    reason        text,
    check ((state = 'proposed') = (decided_by is null)),
    check (state <> 'confirmed' or choices is not null)
);
comment on table raw.mapping is
    'One row per form (a table''s title and headings) of a sender and decision on it: what its headings were proposed to '
    'be, and what a steward confirmed. Nothing is deleted';
comment on column raw.mapping.sender is 'Unit id of the sender (its name, where the register has none)';
comment on column raw.mapping.form_key is 'The same as long as title and headings of the table are the same';
comment on column raw.mapping.headings is 'The headings as they were proposed: text, place, sample, likeliest choice and its score';
comment on column raw.mapping.choices is 'Heading key → role and targets (indicator, field, scope), as confirmed';
comment on column raw.mapping.submission_id is 'The submission that first asked; it and others with the same form wait for the answer';
create unique index one_mapping_a_form on raw.mapping (sender, form_key, state) where state in ('proposed', 'confirmed');

create table raw.report_finding (
    submission_seq bigint not null references raw.submission,
    finding_number integer not null,
    rule           text not null,
    severity       text not null check (severity in ('error', 'warning', 'info')),
    claims         integer[] not null,
    quote          text not null,
    message_vi     text not null,
    message_en     text not null,
    explanations   jsonb not null default '[]',
    primary key (submission_seq, finding_number)
);
comment on table raw.report_finding is 'What the claims of a report in prose contradict among themselves; the night brings the latest report''s into quality.finding';
comment on column raw.report_finding.claims is 'claim_number of the claims concerned, in raw.claim';

create table quality.report_claim (
    submission_id     text not null,
    claim_number      integer not null,
    period            text not null,
    sender_unit_id    text,
    quote             text not null,
    char_start        integer not null,
    char_end          integer not null,
    kind              text not null,
    population        text,
    indicator         text,
    link_score        numeric,
    numerator         bigint,
    denominator       bigint,
    stated_rate       text,
    table_numerator   bigint,
    table_denominator bigint,
    table_basis       text,
    verdict           text check (verdict in ('agrees', 'disagrees', 'only_in_prose')),
    judged_at         timestamptz not null default now(),
    primary key (submission_id, claim_number)
);
comment on table quality.report_claim is
    'One row per figure that a standing report in prose claims, beside what the tables of the same sender and period give; '
    'replaced by every night for its periods. Evidence only: no claim is ever summed';
comment on column quality.report_claim.table_basis is 'Basis of the sender''s own cell in the roll-up; ledger where a population is claimed';
comment on column quality.report_claim.verdict is 'agrees, disagrees, only_in_prose (the tables say nothing); null where the words fit no indicator well enough';
create index on quality.report_claim (period, sender_unit_id);
