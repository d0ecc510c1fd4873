"""What an office changes in the catalogue of its departments: overrides, editions, spreadsheets, and trying them out."""
