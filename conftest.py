"""The fixtures of ``shared.testing.plugin`` serve every test of the house.

What Hypothesis asks for is the same on every machine, whatever else runs there: as many examples,
and no judgement by the clock. How fast something is, is measured in ``benchmarks/``.
"""

from hypothesis import HealthCheck, settings

settings.register_profile("lunas", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("lunas")
