-- What earlier nights kept aside in the periods of this night: it is judged again.
delete from quality.rejected_row as rejected
using raw.statement as statement, ops.run_period as scope
where
    rejected.judged = 'night'
    and statement.submission_seq = rejected.submission_seq
    and statement.row_number = rejected.row_number
    and scope.run_id = current_setting('tonghop.run_id')
    and scope.period = statement.period;
