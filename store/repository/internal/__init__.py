"""Parts of transactions: functions that ask for no permission and open no transaction."""
