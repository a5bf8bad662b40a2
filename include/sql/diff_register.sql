-- How the register and the catalogue changed between two releases: each load that changed them, and the change files that
-- it replays and the one before did not, or the other way round.
with

loaded as (

    select
        load.load_id,
        load.loaded_at,
        load.content_hash <> lag(load.content_hash) over in_order as is_changed,
        string_to_array(load.sources, ', ') as sources,
        string_to_array(lag(load.sources) over in_order, ', ') as sources_before
    from reference.load as load
    where load.load_id between %(low_load)s and %(high_load)s
    window in_order as (order by load.load_id)

)

select
    loaded.load_id,
    loaded.loaded_at,
    (
        select coalesce(string_agg(
            case
                when source.name = any(loaded.sources)
                    then format('%%s (%%s: %%s)', change.file_name, change.decided_by, change.reason)
                else format(
                    '%%s withdrawn (%%s: %%s)', change.file_name, change.withdrawn_by, change.withdrawn_why)
            end,
            '; ' order by change.change_id), '')
        from (
            select name from unnest(loaded.sources) as now (name) where name <> all(loaded.sources_before)
            union
            select name from unnest(loaded.sources_before) as before (name) where name <> all(loaded.sources)
        ) as source
        inner join reference.change_file as change on source.name = 'change ' || change.change_id
    ) as change_files
from loaded
where loaded.is_changed
order by loaded.load_id;
