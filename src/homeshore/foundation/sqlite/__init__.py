"""SQLite as Homeshore uses it: one fair lock for writers, WAL with full durability."""
