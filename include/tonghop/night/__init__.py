"""A night: the lease, the frozen scope, and the steps in their order. Knows nothing of Airflow."""
