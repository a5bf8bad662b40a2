-- What may have caused the night's findings, with a weight of 0 to 100 by which hypotheses are ranked.
drop table if exists pg_temp.hypothesis;
create temporary table hypothesis (
    finding_id text not null,
    cause      text not null,
    weight     numeric not null,
    text_vi    text not null,
    text_en    text not null,
    detail     jsonb not null default '{}'
);
