-- The register is the authored files, the overlays, and the applied change files replayed in their order.
create table reference.change_file (
    change_id     bigint generated always as identity primary key,
    sender        text,
    file_name     text not null,
    content       text not null,
    content_hash  text not null,
    received_at   timestamptz not null default clock_timestamp(),
    state         text not null check (state in ('proposed', 'applied', 'refused', 'withdrawn')),
    applied_order bigint unique,
    decided_at    timestamptz,
    decided_by    text,
    reason        text,
    withdrawn_at  timestamptz,
    withdrawn_by  text,
    withdrawn_why text,
    problem       text,
    check ((state = 'applied') <= (applied_order is not null and decided_by is not null and reason is not null)),
    check ((state = 'withdrawn') <= (withdrawn_by is not null and withdrawn_why is not null))
);
comment on table reference.change_file is 'The journal of the register: one row per change file that was proposed or applied. Nothing is deleted';
comment on column reference.change_file.sender is 'Unit id of the province whose own units it changes; null: the centre';
comment on column reference.change_file.content is 'The file as text (NFC); replayed at every load while the state is applied';
comment on column reference.change_file.content_hash is 'sha256 of the bytes as received: the same bytes are applied once';
comment on column reference.change_file.state is 'proposed (waits for a steward), applied, refused (see problem) or withdrawn';
comment on column reference.change_file.applied_order is 'Applied files are replayed in this order';
comment on column reference.change_file.decided_by is 'Who applied it (or, where it was refused, what refused it), for the reason beside it';
create unique index one_application_of_the_same_bytes on reference.change_file (content_hash) where state = 'applied';

create table reference.change (
    change_id      bigint not null references reference.change_file,
    line           integer not null,
    effective_on   date,
    change         text not null,
    unit_id        text not null,
    code           text,
    name           text,
    ascii_name     text,
    type           text,
    level          text,
    parent_unit_id text,
    into_unit_id   text,
    note           text not null,
    primary key (change_id, line)
);
comment on table reference.change is 'One row per row of a change file that was proposed or applied, for queries; the state is its file''s';
create index on reference.change (unit_id);

-- A change file that a province puts into its inbox is in the ledger as well, so that it is not read again.
alter table raw.submission drop constraint submission_kind_check;
alter table raw.submission add constraint submission_kind_check
    check (kind in ('delimited', 'workbook', 'withdrawal', 'register', 'unknown'));
