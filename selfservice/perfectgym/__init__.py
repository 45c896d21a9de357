"""The PerfectGym API and nothing else: client, errors and models; knows no Django."""
