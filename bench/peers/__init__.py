"""The same job on other engines, a small file each. Each is a process of its own, started by bench/kafka.py."""
