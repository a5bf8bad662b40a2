create unlogged table quality.run_unit_name (
    run_id      text not null,
    sender      text not null,
    period      text not null,
    unit_text   text not null,
    unit_id     text,
    candidates  text,
    suggestions text,
    primary key (run_id, sender, period, unit_text)
);
comment on table quality.run_unit_name is 'What one night made of a unit that a sender wrote by name: one row per sender, period and text that is no code of any time';
comment on column quality.run_unit_name.unit_id is 'The one unit of the period that the text means; null where several may be meant, or none';
comment on column quality.run_unit_name.candidates is 'The units that may be meant, each as it must be written to be found: name, parent (code)';
comment on column quality.run_unit_name.suggestions is 'The units under the sender that are spelled alike, where none has the name: shown, never taken';
