-- A release whose coverage is below its campaign's threshold is published only when somebody answers for it.

-- A night that waits gives the lease back (nothing of it runs) and takes it again to publish; one at most waits.
alter table ops.run drop constraint run_status_check;
alter table ops.run add constraint run_status_check check (
    status in ('running', 'awaiting', 'published', 'unchanged', 'held', 'rejected', 'failed', 'superseded')
);
create unique index one_awaiting_night on ops.run ((true)) where status = 'awaiting';
comment on column ops.run.status is
    'running; awaiting a sign-off; published, or unchanged where nothing differed; held by a gate or by a deadline that'
    ' passed; rejected by a person; failed; superseded by a later night';

create table ops.coverage_threshold (
    campaign   text,
    period     text,
    coverage   numeric not null check (coverage between 0 and 1),
    reason     text not null,
    decided_on date not null,
    unique nulls not distinct (campaign, period)
);
comment on table ops.coverage_threshold is
    'Rule P05 of expectations/thresholds.yml, written anew each night: of a period, of a campaign, or (both null) of any';

create table ops.sign_off_request (
    run_id                text primary key references ops.run on delete cascade,
    asked_at              timestamptz not null default clock_timestamp(),
    due_at                timestamptz not null,
    signatures            integer not null check (signatures > 0),
    coverage              jsonb not null,
    candidate_fingerprint text not null,
    base_release_id       integer not null
);
comment on table ops.sign_off_request is
    'One row per night that had to be signed: its coverage, by when, by how many persons, and for exactly what';
comment on column ops.sign_off_request.candidate_fingerprint is
    'Of every row of the candidate: what is published must be what was signed';
comment on column ops.sign_off_request.base_release_id is
    'The release that the candidate was built on and compared with; 0: none';

create table ops.sign_off (
    sign_off_id           bigint generated always as identity primary key,
    run_id                text not null,
    release_id            integer,
    decision              text not null check (decision in ('signed', 'rejected')),
    decided_by            text not null check (trim(decided_by) <> ''),
    decided_at            timestamptz not null default clock_timestamp(),
    reason                text not null default '',
    given_through         text not null check (given_through in ('command', 'airflow')),
    candidate_fingerprint text not null,
    check (decision = 'signed' or trim(reason) <> '')
);
comment on table ops.sign_off is
    'One row per answer: who signed or rejected which night''s candidate, when and why. Publication trusts this, and nothing else';
comment on column ops.sign_off.release_id is 'The release that the candidate became; null: it was not published';
comment on column ops.sign_off.candidate_fingerprint is 'What was signed: of another candidate the signature is void';
create unique index one_signature_a_person
    on ops.sign_off (run_id, candidate_fingerprint, lower(trim(decided_by))) where decision = 'signed';
