"""Days as in the charts, hours as in the audit log; not "Nov. 28, 2026, 8:52 p.m."."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H:i"
