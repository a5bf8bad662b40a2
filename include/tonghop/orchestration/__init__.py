"""The only code that knows Airflow, beside the wiring in ``dags/``."""
