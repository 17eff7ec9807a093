"""Figures over events: funnel, service levels, calendars. DataFrame in, DataFrame out, no I/O."""
