"""How members sign in: an address proves itself with a mailed code, only then PerfectGym is asked whose it is."""
