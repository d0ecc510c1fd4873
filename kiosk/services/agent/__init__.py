"""The server's side of the kiosk agent: what it prints, the numbers it holds, what it hands in after a cut."""
