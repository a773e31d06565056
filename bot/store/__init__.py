"""The database: tables, one module of queries per subject, and transactions.

Nothing above this package imports SQLAlchemy.
"""
