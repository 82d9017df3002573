"""The same job on other engines, a small file each. kafka.py and watchers.py start each as a process."""
