-- The raw data as it stands now: everything read and not withdrawn (what waits for its mapping waits). Later arrivals wait for the next night.
insert into ops.run_submission (run_id, submission_seq)
select
    %(run_id)s,
    submission_seq
from raw.submission
where status in ('loaded', 'rejected');

update ops.run
set reference_load_id = (select max(load_id) from reference.load)
where run_id = %(run_id)s;
