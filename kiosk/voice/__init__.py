"""Sound: recordings read strictly and made alike, joined to sentences; a synthetic voice in a process of its own."""
