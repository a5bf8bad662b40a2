-- How many figures of each level appeared, vanished or changed.
select
    level,
    count(*) filter (where before_basis is null) as appeared,
    count(*) filter (where after_basis is null) as vanished,
    count(*) filter (where before_basis is not null and after_basis is not null) as changed
from pg_temp.moved
where %(level)s::text is null or level = %(level)s
group by level
order by array_position(array['nation', 'department', 'grouping', 'province', 'district', 'grassroots'], level);
