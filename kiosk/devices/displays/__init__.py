"""LED and other small displays over the counters: their settings, their drivers, the lines they hang on."""
