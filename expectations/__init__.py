"""Great Expectations as code: one class a rule, the suites that judge a relation, the gates in their order."""
