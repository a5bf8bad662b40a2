-- The present and the proposed register side by side, for one preview.
create temporary table preview_unit (
    side           text not null,
    unit_id        text not null,
    name           text not null,
    type           text not null,
    level          text not null,
    parent_unit_id text,
    valid          daterange not null
) on commit drop;
