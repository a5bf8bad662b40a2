-- What earlier nights kept aside in the partitions of this night: it is judged again. Rows by their key, whatever a gate
-- has set for the relations that it reads whole.
set local enable_nestloop = on;

delete from quality.rejected_row as rejected
using raw.statement as statement, raw.submission_speaker as spoken, ops.run_partition as scope
where
    rejected.judged = 'night'
    and statement.submission_seq = rejected.submission_seq
    and statement.row_number = rejected.row_number
    and spoken.submission_seq = statement.submission_seq
    and spoken.period = statement.period
    and scope.run_id = current_setting('tonghop.run_id')
    and scope.period = spoken.period
    and scope.province_unit_id = spoken.province_unit_id;

set local enable_nestloop = off;
