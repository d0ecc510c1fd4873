"""Reports: pure functions of the log, a period and an as-of moment; they read, and never write."""
