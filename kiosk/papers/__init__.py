"""The papers that officers hand out, as PDF (`kiosk.papers.render`)."""
