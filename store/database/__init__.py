"""The encrypted database: engine, connections, transactions, tables, and what stands guard."""
