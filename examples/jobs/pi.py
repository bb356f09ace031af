"""Pi by the midpoint rule: the area under 4 / (1 + x * x) from 0 to 1.

Every rank sums every size-th strip; rank 0 adds the sums up. The answer is
known, so it shows whether all ranks took part.
"""

import math
import socket
import time
from collections import Counter

from mpi4py import MPI

STRIPS = 10_000_000

world = MPI.COMM_WORLD
world.Barrier()
started = time.monotonic()

width = 1.0 / STRIPS
partial = 0.0
for strip in range(world.rank, STRIPS, world.size):
    x = (strip + 0.5) * width
    partial += 4.0 / (1.0 + x * x)
pi = world.reduce(partial * width, op=MPI.SUM, root=0)
hosts = world.gather(socket.gethostname(), root=0)

if world.rank == 0:
    seconds = time.monotonic() - started
    ranks = Counter(hosts)
    print(f"pi = {pi:.12f}, off by {abs(pi - math.pi):.1e}")
    print(f"{world.size} ranks on {len(ranks)} nodes: "
          + ", ".join(f"{host} {count}" for host, count in sorted(ranks.items())))
    print(f"{STRIPS:,} strips in {seconds:.2f} s")
