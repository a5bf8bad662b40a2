create table ops.run (
    run_id        text primary key,
    kind          text not null check (kind in ('night', 'hand')),
    owner         text not null,
    started_at    timestamptz not null default now(),
    heartbeat_at  timestamptz not null default now(),
    finished_at   timestamptz,
    status        text not null check (status in ('running', 'published', 'unchanged', 'held', 'failed', 'superseded')),
    step          text,
    problem       text,
    release_id    integer,
    reference_load_id bigint
);
comment on table ops.run is 'One row per night; the running one holds the lease as long as its heartbeat is fresh';
create unique index one_running_night on ops.run ((true)) where status = 'running';

create table ops.run_submission (
    run_id         text not null references ops.run on delete cascade,
    submission_seq bigint not null,
    primary key (run_id, submission_seq)
);
comment on table ops.run_submission is 'The raw data as frozen at the start of the night';

create table ops.run_period (
    run_id      text not null references ops.run on delete cascade,
    period      text not null,
    fingerprint text not null,
    primary key (run_id, period)
);
comment on table ops.run_period is 'The periods this night rebuilds: those whose inputs differ from the published release';

create table ops.gate_run (
    run_id      text not null references ops.run on delete cascade,
    gate        text not null check (gate in ('figures', 'totals', 'release')),
    rule        text not null,
    severity    text not null,
    relation    text not null,
    judged_rows bigint not null,
    observed    bigint not null,
    recorded    bigint not null,
    verdict     text not null check (verdict in ('passed', 'found', 'failed')),
    problem     text,
    seconds     numeric not null,
    judged_at   timestamptz not null default now(),
    primary key (run_id, gate, rule, severity, relation)
);
comment on table ops.gate_run is 'One row per rule a gate judged: what Great Expectations observed, and what our SQL recorded. verdict failed: the gate itself broke';

create table ops.step_run (
    run_id      text not null references ops.run on delete cascade,
    step        text not null,
    attempt     integer not null,
    started_at  timestamptz not null,
    finished_at timestamptz,
    seconds     numeric,
    detail      jsonb not null default '{}',
    primary key (run_id, step, attempt)
);
comment on table ops.step_run is 'How long each step of a night took';

create table ops.dbt_node (
    run_id        text not null references ops.run on delete cascade,
    phase         text not null,
    node          text not null,
    resource_type text not null,
    status        text not null,
    seconds       numeric not null,
    rows_affected bigint,
    message       text,
    recorded_at   timestamptz not null default now()
);
comment on table ops.dbt_node is 'One row per dbt node a night ran';
create index on ops.dbt_node (run_id);
