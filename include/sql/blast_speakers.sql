-- The provinces and departments that report an indicator of their own tonight, as one array: few or none.
select coalesce(array_agg(distinct reporter.unit_id), '{}')
from intermediate.int_reporter_identified as reporter
inner join candidate.dim_org_unit as unit on reporter.unit_id = unit.unit_id
where
    unit.level in ('nation', 'department', 'province')
    and reporter.reporter_class in (select indicator.reporter_class from candidate.dim_indicator as indicator);
