"""What the ledger is made of: where entries are kept, what may still be spent, and tables of both for people."""
