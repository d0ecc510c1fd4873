"""What a device is set up with: the files of `firmware_configs/`, filled in for one device, and their checks."""
