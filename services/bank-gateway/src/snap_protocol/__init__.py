"""The SNAP BI protocol for virtual accounts: signatures, fields, codes; pure."""
