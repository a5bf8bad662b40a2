-- How many figures of each level a night's candidate would make appear, vanish or change.
select
    level,
    count(*) filter (where before_basis is null) as appear,
    count(*) filter (where after_basis is null) as vanish,
    count(*) filter (where before_basis is not null and after_basis is not null) as change
from ops.run_effect
where run_id = %(run_id)s
group by level
order by array_position(array['nation', 'department', 'province'], level);
