"""A simulated PerfectGym Next Open API on the loopback interface, for demo, development and tests."""

from .gym import Gym
from .server import Sandbox, start

__all__ = ["Gym", "Sandbox", "start"]
