"""The Django project: settings, URLs and start-up checks; no features."""
