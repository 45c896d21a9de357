"""Every way an answer can go wrong, tried on every call the portal makes; `manage.py faults` prints the table."""
