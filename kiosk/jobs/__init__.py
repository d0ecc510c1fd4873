"""What goes on behind the counters: papers are printed, plugins hear the news, old things are tidied."""
