"""HTTP from outside: what networks bring, and whether the program is well."""
