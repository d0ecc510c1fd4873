"""The live channel: the journal's tail, told to the rooms that may hear it."""
