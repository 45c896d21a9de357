"""English dates as most of the world reads them: the day first, as in the boxes for it."""

DATE_FORMAT = "j F Y"
