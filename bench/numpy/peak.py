"""A command in: runs it; its exit status, and the most memory it had at once (KiB, the last line of stderr), out."""
import resource
import subprocess
import sys

status = subprocess.run(sys.argv[1:], check=False).returncode
print('peak', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(status)
