"""A scheduler and workers of Dask's on this machine. Arguments: how many workers, the scheduler's port."""

import sys

sys.path[:] = [path for path in sys.path if path]  # nothing from the working directory is run

import logging
import signal

from distributed import LocalCluster

NOTE = """{workers} on this machine, until Ctrl-C. In a cell:

    use woozle::multiprocessing::cluster::Cluster;
    let cluster = Cluster::connect("{address}")?;
    let squares = cluster.pool().map(|n: u64| n * n, 0..1000)?;

The dashboard: {dashboard}

Real machines need Python with the package distributed, of one version everywhere, and no Rust:

    by hand      dask scheduler                        # on one machine, which prints its address
                 dask worker tcp://SCHEDULER:8786      # on each other one
    SSH          dask ssh --hostfile hosts.txt
    Slurm        sbatch a script that runs `srun dask worker --scheduler-file FILE`
    Kubernetes   the Dask operator, with the container of docs/cluster.md

docs/cluster.md has each of these, and TLS: whoever reaches a scheduler without it can run code as its user.
"""


def stop(*_):
    raise KeyboardInterrupt


def main(workers, port):
    signal.signal(signal.SIGTERM, stop)
    with LocalCluster(
        n_workers=workers, threads_per_worker=1, host="127.0.0.1", scheduler_port=port,
        dashboard_address="127.0.0.1:0" if port == 0 else "127.0.0.1:8787", silence_logs=logging.CRITICAL,
    ) as cluster:
        many = "1 worker runs" if workers == 1 else f"{workers} workers run"
        dashboard = cluster.dashboard_link or "none (pip install bokeh)"
        print(NOTE.format(workers=many, address=cluster.scheduler_address, dashboard=dashboard), flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]), int(sys.argv[2]))
    except KeyboardInterrupt:
        pass
    except (OSError, RuntimeError) as error:
        sys.exit(f"error: the cluster: {' '.join(str(error).split())}\nhelp: another --port, or 0 for one that is free")
