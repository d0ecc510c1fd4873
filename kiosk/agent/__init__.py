"""The kiosk's own agent: prints at the machine, and goes on giving numbers when the server is away."""
