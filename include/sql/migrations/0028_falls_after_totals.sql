-- N04 is judged in the totals gate, after declarations are set aside: a declaration that is not believed is looked past.
update quality.finding
set gate = 'totals'
where rule = 'N04';
