-- The tables that publication reads (candidate) and writes (store); partitions are parts of theirs.
select
    space.nspname as schema_name,
    relation.relname as table_name
from pg_class as relation
inner join pg_namespace as space on relation.relnamespace = space.oid
where
    space.nspname in ('candidate', 'store')
    and relation.relkind in ('r', 'p')
    and not relation.relispartition
order by space.nspname, relation.relname;
